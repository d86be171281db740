// error: kerf: linear_cross_entropy: linear_bias must be [7], one number per class, got [4]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  let y = linear_cross_entropy(Tensor<f32, B, 4>(), Tensor<f32, 7, 4>(), Tensor<i64, B>(),
                               option<"linear_bias"> = Tensor<f32, 4>());
  (void)(y + 1);
}
