// error: kerf: attention: a mask is one of kerf::masks, a tensor of i1, or a function of (i, j),
// (h, i, j) or (b, h, i, j)
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();
using Q = Tensor<f32, B, 6, 5, 8>;
using K = Tensor<f32, B, 2, 7, 8>;

void wrong(const Q &q, const K &k, const Tensor<i1, 5> &is_first) {
  let y = attention(q, k, k, mask = [&](const auto &) { return is_first; });
  (void)(y + 1);
}
