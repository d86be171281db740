// error: kerf: attention: axis 0 of values [3, 2, 7, 8] is neither 1 nor that of the queries [B, 6,
// 5, 8]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();
using Q = Tensor<f32, B, 6, 5, 8>;
using K = Tensor<f32, B, 2, 7, 8>;

void wrong(const Q &q, const K &k, const Tensor<f32, 3, 2, 7, 8> &three) {
  let y = attention(q, k, three);
  (void)(y + 1);
}
