// error: kerf: MLP: the input has 5 features on its last axis, the layer takes 4, in [B, 5]
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const Tensor<f32, B, 5> &x) {
  nn::MLP<4, 8> layer;
  let y = layer(x);
  (void)(y + 1);
}
