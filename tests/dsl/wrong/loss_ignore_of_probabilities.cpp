// error: kerf: cross_entropy: ignore is one of the classes, and probabilities as labels have none
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const Tensor<f32, B, 4> &x, const Tensor<f32, B, 4> &t) {
  let y = cross_entropy(x, t, ignore = -100);
  (void)(y + 1);
}
