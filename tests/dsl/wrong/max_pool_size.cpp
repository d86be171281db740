// error: kerf: max_pool: 5 is not divisible by the window 2, axis 2 of [B, 3, 5, 5]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const Tensor<f32, B, 3, 5, 5> &x) {
  let y = max_pool<2>(x);
  (void)(y + 1);
}
