// error: kerf: cross_entropy: there is no option ignore_index; did you mean ignore?
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  (void)cross_entropy(Tensor<f32, B, 4>(), Tensor<i64, B>(), option<"ignore_index"> = -100);
}
