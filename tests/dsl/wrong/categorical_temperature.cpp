// error: kerf: categorical: temperature is a number or a Tensor<f32>, got f64 []
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const Key &key, const Tensor<f32, B, 4> &x, const Tensor<f64> &t) {
  let y = categorical(key, x, temperature = t);
  (void)(y + 1);
}
