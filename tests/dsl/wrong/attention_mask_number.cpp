// error: kerf: attention: a function that is a mask gives a tensor of i1, as [](auto i, auto j) {
// return i >= j; } does
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();
using Q = Tensor<f32, B, 6, 5, 8>;
using K = Tensor<f32, B, 2, 7, 8>;

void wrong(const Q &q, const K &k, bool all) {
  let y = attention(q, k, k, mask = [=](const auto &, const auto &) { return all; });
  (void)(y + 1);
}
