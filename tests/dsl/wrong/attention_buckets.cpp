// error: kerf: scores::t5: a table is [buckets, heads], got [6, 32] beside scores of [B, 6, 5, 7]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();
using Q = Tensor<f32, B, 6, 5, 8>;
using K = Tensor<f32, B, 2, 7, 8>;

void wrong(const Q &q, const K &k, const Tensor<f32, 6, 32> &table) {
  let y = attention(q, k, k, score = scores::t5(table));
  (void)(y + 1);
}
