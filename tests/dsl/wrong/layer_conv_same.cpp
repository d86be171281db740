// error: kerf: Conv2d: padding `same` needs a stride of 1, got [2, 2]
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  nn::Conv2d<3, 4, 3, 2, nn::same> layer;
  let y = layer(Tensor<f32, B, 3, 8, 8>());
  (void)(y + 1);
}
