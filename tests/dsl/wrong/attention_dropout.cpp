// error: kerf: attention: dropout draws from a key: give key = ...
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();
using Q = Tensor<f32, B, 6, 5, 8>;
using K = Tensor<f32, B, 2, 7, 8>;

void wrong(const Q &q, const K &k, double p) {
  let y = attention(q, k, k, dropout = p);
  (void)(y + 1);
}
