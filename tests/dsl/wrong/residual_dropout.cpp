// error: kerf: residual_vq: quantize_dropout is a Key
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const std::array<Param<f32, 512, 64>, 4> &codebooks) {
  (void)residual_vq(Tensor<f32, B, 64>(), codebooks, quantize_dropout = 0.5);
}
