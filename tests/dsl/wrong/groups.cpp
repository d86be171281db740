// error: kerf: grouped_vq: 64 features of z [B, 64] make no 3 equal groups
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const std::array<Param<f32, 512, 21>, 3> &codebooks) {
  (void)grouped_vq(Tensor<f32, B, 64>(), codebooks);
}
