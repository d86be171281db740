// error: kerf: softmax: axis 2 is outside [0, 2) of [B, 10]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const Tensor<f32, B, 10> &x) {
  let y = softmax<2>(x);
  (void)(y + 1);
}
