// error: kerf: at: one index for each axis of the table, [6, 11], got 1
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();
using Q = Tensor<f32, B, 6, 5, 8>;
using K = Tensor<f32, B, 2, 7, 8>;

void wrong(const Q &q, const K &k, const Tensor<f32, 6, 11> &table) {
  let y = attention(
      q, k, k, score = [&](const auto &s, const auto &i, const auto &j) {
        return s + at(table, i - j + 6);
      });
  (void)(y + 1);
}
