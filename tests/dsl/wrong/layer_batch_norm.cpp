// error: kerf: BatchNorm2d: needs an input of [N, C, H, W], got [B, 8]
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  nn::BatchNorm2d<8> layer;
  let y = layer(Tensor<f32, B, 8>(), Mode::training);
  (void)(y + 1);
}
