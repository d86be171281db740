// error: kerf: attention: sinks are f32 [heads], got f32 [2] beside scores of [B, 6, 5, 7]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();
using Q = Tensor<f32, B, 6, 5, 8>;
using K = Tensor<f32, B, 2, 7, 8>;

void wrong(const Q &q, const K &k, const Tensor<f32, 2> &two) {
  let y = attention(q, k, k, sinks = two);
  (void)(y + 1);
}
