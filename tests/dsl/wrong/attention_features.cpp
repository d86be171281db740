// error: kerf: attention: queries have 8 features, keys 4, in [B, 6, 5, 8] and [B, 2, 7, 4]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();
using Q = Tensor<f32, B, 6, 5, 8>;
using K = Tensor<f32, B, 2, 7, 8>;

void wrong(const Q &q, const K &k, const Tensor<f32, B, 2, 7, 4> &narrow) {
  let y = attention(q, narrow, k);
  (void)(y + 1);
}
