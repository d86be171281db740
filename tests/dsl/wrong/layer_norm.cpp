// error: kerf: LayerNorm: the input [B, 8] does not end in [16]
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  nn::LayerNorm<16> layer;
  let y = layer(Tensor<f32, B, 8>());
  (void)(y + 1);
}
