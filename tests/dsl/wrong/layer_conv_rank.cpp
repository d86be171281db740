// error: kerf: Conv2d: needs an input of [N, C, H, W], got [B, 3, 8]
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  nn::Conv2d<3, 4, 3> layer;
  let y = layer(Tensor<f32, B, 3, 8>());
  (void)(y + 1);
}
