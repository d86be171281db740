// error: kerf: attention: scores are f32, but what changes them is f64 [5, 7]; use cast<f32>()
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();
using Q = Tensor<f32, B, 6, 5, 8>;
using K = Tensor<f32, B, 2, 7, 8>;

void wrong(const Q &q, const K &k, const Tensor<f64, 5, 7> &bias) {
  let y = attention(q, k, k, score = bias);
  (void)(y + 1);
}
