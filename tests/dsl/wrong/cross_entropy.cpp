// error: kerf: cross_entropy: needs logits of [B, K] and labels of [B], got [B, 10] and [B, 10]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  let loss = cross_entropy(Tensor<f32, B, 10>(), Tensor<i64, B, 10>());
  (void)(loss + 1);
}
