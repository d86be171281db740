// error: kerf: MaxPool2d: padding [2, 2] is more than half of the windows [3, 3]
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  nn::MaxPool2d<3, 2, 2> layer;
  let y = layer(Tensor<f32, B, 3, 8, 8>());
  (void)(y + 1);
}
