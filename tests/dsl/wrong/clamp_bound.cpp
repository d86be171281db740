// error: kerf: clamp: cannot broadcast [B, 4] with [5]: axis -1 is 4 vs 5
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const Tensor<f32, B, 4> &x, const Tensor<f32, 5> &least) {
  let y = clamp(x, least, 1);
  (void)(y + 1);
}
