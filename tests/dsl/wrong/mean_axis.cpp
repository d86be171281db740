// error: kerf: mean: axes [2] are not ascending axes of [B, 10], which has rank 2
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const Tensor<f32, B, 10> &x) {
  let y = mean<2>(x);
  (void)(y + 1);
}
