// error: kerf: attention: lengths are [batch...], got [B, 7] beside scores of [B, 6, 5, 7]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();
using Q = Tensor<f32, B, 6, 5, 8>;
using K = Tensor<f32, B, 2, 7, 8>;

void wrong(const Q &q, const K &k, const Tensor<i64, B, 7> &each) {
  let y = attention(q, k, k, mask = masks::lengths(each));
  (void)(y + 1);
}
