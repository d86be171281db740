// error: kerf: attention: scale is a number that is known when the model is compiled
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();
using Q = Tensor<f32, B, 6, 5, 8>;
using K = Tensor<f32, B, 2, 7, 8>;

void wrong(const Q &q, const K &k, const Tensor<f32> &learned) {
  let y = attention(q, k, k, scale = learned);
  (void)(y + 1);
}
