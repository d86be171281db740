// error: kerf: scores::relative: a table of distances is [heads, M + N - 1], got [6, 12] beside
// scores of [B, 6, 5, 7]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();
using Q = Tensor<f32, B, 6, 5, 8>;
using K = Tensor<f32, B, 2, 7, 8>;

void wrong(const Q &q, const K &k, const Tensor<f32, 6, 12> &table) {
  let y = attention(q, k, k, score = scores::relative(table));
  (void)(y + 1);
}
