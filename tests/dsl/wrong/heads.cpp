// error: kerf: vq: z has 16 features along axis 2 of [B, 4, 16], but the codes are [512, 64]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const Param<f32, 512, 64> &codebook) {
  (void)multi_head_vq<4>(Tensor<f32, B, 64>(), codebook);
}
