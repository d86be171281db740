// error: kerf: ConvTranspose2d: output padding [2, 2] must be below the stride [2, 2] or the
// dilation [1, 1]
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  nn::ConvTranspose2d<3, 4, 4, 2, 1, 2> layer;
  let y = layer(Tensor<f32, B, 3, 8, 8>());
  (void)(y + 1);
}
