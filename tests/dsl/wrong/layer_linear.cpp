// error: kerf: Linear: the input has 8 features on its last axis, the layer takes 16, in [B, 8]
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  nn::Linear<16, 4> layer;
  let y = layer(Tensor<f32, B, 8>());
  (void)(y + 1);
}
