// error: kerf: linear_cross_entropy: needs rows of [..., D] and weights of [K, D], got [B, 3] and
// [7, 4]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  let y = linear_cross_entropy(Tensor<f32, B, 3>(), Tensor<f32, 7, 4>(), Tensor<i64, B>());
  (void)(y + 1);
}
