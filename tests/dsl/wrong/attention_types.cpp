// error: kerf: attention: element types differ: f32 and f64; use cast<f32>()
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();
using Q = Tensor<f32, B, 6, 5, 8>;
using K = Tensor<f32, B, 2, 7, 8>;

void wrong(const Q &q, const K &k, const Tensor<f64, B, 2, 7, 8> &wide) {
  let y = attention(q, k, wide);
  (void)(y + 1);
}
