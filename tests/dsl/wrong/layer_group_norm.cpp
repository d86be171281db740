// error: kerf: GroupNorm: 6 channels are not divisible by 4 groups
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  nn::GroupNorm<4, 6> layer;
  let y = layer(Tensor<f32, B, 6, 8, 8>());
  (void)(y + 1);
}
