// error: kerf: attention: queries [B, 6, 5, 8] and keys [B, 7, 8] differ in their number of axes
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();
using Q = Tensor<f32, B, 6, 5, 8>;
using K = Tensor<f32, B, 2, 7, 8>;

void wrong(const Q &q, const K &k, const Tensor<f32, B, 7, 8> &flat) {
  let y = attention(q, flat, k);
  (void)(y + 1);
}
