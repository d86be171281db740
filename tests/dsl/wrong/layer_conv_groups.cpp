// error: kerf: Conv2d: 6 channels in and 8 out are not divisible by 4 groups
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  nn::Conv2d<6, 8, 3, 1, 1, 1, 4> layer;
  let y = layer(Tensor<f32, B, 6, 8, 8>());
  (void)(y + 1);
}
