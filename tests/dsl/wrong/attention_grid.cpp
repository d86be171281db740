// error: kerf: masks::neighbourhood: a grid of 6 places, but 5 queries and 7 keys
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();
using Q = Tensor<f32, B, 6, 5, 8>;
using K = Tensor<f32, B, 2, 7, 8>;

void wrong(const Q &q, const K &k, int size) {
  let y = attention(q, k, k, mask = masks::neighbourhood<2, 3>(size));
  (void)(y + 1);
}
