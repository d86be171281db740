// error: kerf: cross_entropy: weight must be [4], one number per class, got [3]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  let y = cross_entropy(Tensor<f32, B, 4>(), Tensor<i64, B>(), option<"weight"> = Tensor<f32, 3>());
  (void)(y + 1);
}
