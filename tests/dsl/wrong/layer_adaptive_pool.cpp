// error: kerf: AdaptiveAvgPool2d: 7 is not divisible into 3 windows, in [B, 4, 7, 7]
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  nn::AdaptiveAvgPool2d<3> layer;
  let y = layer(Tensor<f32, B, 4, 7, 7>());
  (void)(y + 1);
}
