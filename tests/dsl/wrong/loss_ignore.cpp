// error: kerf: cross_entropy: ignore is a whole number that is known when the model is compiled
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const Tensor<f32, B, 4> &x, const Tensor<i64, B> &labels) {
  let y = cross_entropy(x, labels, ignore = 0.5);
  (void)(y + 1);
}
