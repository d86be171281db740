// error: kerf: attention: a mask is i1, true where a key is seen, got f32 [5, 7]; numbers that are
// added are score = ...
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();
using Q = Tensor<f32, B, 6, 5, 8>;
using K = Tensor<f32, B, 2, 7, 8>;

void wrong(const Q &q, const K &k, const Tensor<f32, 5, 7> &added) {
  let y = attention(q, k, k, mask = added);
  (void)(y + 1);
}
