// error: kerf: PixelShuffle: 6 channels are not divisible by 2^2, in [B, 6, 4, 4]
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  nn::PixelShuffle<2> layer;
  let y = layer(Tensor<f32, B, 6, 4, 4>());
  (void)(y + 1);
}
