// error: kerf: residual_decode: the last axis of codes [B, 3] must be the 4 levels
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const std::array<Param<f32, 512, 64>, 4> &codebooks) {
  (void)residual_decode(codebooks, Tensor<i64, B, 3>());
}
