// error: kerf: residual_vq: z has 32 features along axis 1 of [B, 32], but the codes are [512, 64]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const std::array<Param<f32, 512, 64>, 4> &codebooks) {
  (void)residual_vq(Tensor<f32, B, 32>(), codebooks);
}
