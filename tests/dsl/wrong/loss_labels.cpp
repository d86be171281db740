// error: kerf: cross_entropy: labels are classes, i64, or probabilities, got i32
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  let y = cross_entropy(Tensor<f32, B, 4>(), Tensor<i32, B>());
  (void)(y + 1);
}
