// error: kerf: categorical: draws from a Key, Tensor<u32, 2>, got f32 [B, 4]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const Tensor<f32, B, 4> &x) {
  let y = categorical(x, x);
  (void)(y + 1);
}
