// error: kerf: attention: 7 keys but 9 values, in [B, 2, 7, 8] and [B, 2, 9, 8]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();
using Q = Tensor<f32, B, 6, 5, 8>;
using K = Tensor<f32, B, 2, 7, 8>;

void wrong(const Q &q, const K &k, const Tensor<f32, B, 2, 9, 8> &more) {
  let y = attention(q, k, more);
  (void)(y + 1);
}
