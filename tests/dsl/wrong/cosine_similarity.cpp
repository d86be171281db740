// error: kerf: cosine_similarity: needs vectors of one length on axis 1, got [B, 4] and [B, 5]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const Tensor<f32, B, 4> &a, const Tensor<f32, B, 5> &b) {
  let y = cosine_similarity(a, b);
  (void)(y + 1);
}
