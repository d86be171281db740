// error: kerf: attention: the mask [7, 5] does not stretch to the scores, [B, 6, 5, 7]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();
using Q = Tensor<f32, B, 6, 5, 8>;
using K = Tensor<f32, B, 2, 7, 8>;

void wrong(const Q &q, const K &k, const Tensor<i1, 7, 5> &turned) {
  let y = attention(q, k, k, mask = turned);
  (void)(y + 1);
}
