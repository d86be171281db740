// error: kerf: attention: there is no option is_causal; its options are scale, mask, score,
// softcap, sinks, dropout and key
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();
using Q = Tensor<f32, B, 6, 5, 8>;
using K = Tensor<f32, B, 2, 7, 8>;

void wrong(const Q &q, const K &k, bool is) {
  let y = attention(q, k, k, option<"is_causal"> = is);
  (void)(y + 1);
}
