// error: kerf: attention: 6 heads of queries [B, 6, 5, 8] are no multiple of the 4 heads of keys
// [B, 4, 7, 8]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();
using Q = Tensor<f32, B, 6, 5, 8>;
using K = Tensor<f32, B, 2, 7, 8>;

void wrong(const Q &q, const K &k, const Tensor<f32, B, 4, 7, 8> &four) {
  let y = attention(q, four, k);
  (void)(y + 1);
}
