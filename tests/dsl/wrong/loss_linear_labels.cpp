// error: kerf: linear_cross_entropy: labels of [B, 5, 7] with classes on axis 2 are of [B, 5], got
// [B]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  let y = linear_cross_entropy(Tensor<f32, B, 5, 4>(), Tensor<f32, 7, 4>(), Tensor<i64, B>());
  (void)(y + 1);
}
