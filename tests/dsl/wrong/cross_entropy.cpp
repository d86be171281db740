// error: kerf: cross_entropy: labels of [B, 10] with classes on axis 1 are of [B], got [B, 10]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  let loss = cross_entropy(Tensor<f32, B, 10>(), Tensor<i64, B, 10>());
  (void)(loss + 1);
}
