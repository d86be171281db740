// error: kerf: attention: what changes scores, [2, 5, 7], does not stretch to them, [B, 6, 5, 7]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();
using Q = Tensor<f32, B, 6, 5, 8>;
using K = Tensor<f32, B, 2, 7, 8>;

void wrong(const Q &q, const K &k, const Tensor<f32, 2, 5, 7> &bias) {
  let y = attention(q, k, k, score = bias);
  (void)(y + 1);
}
