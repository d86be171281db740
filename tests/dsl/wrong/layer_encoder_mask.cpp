// error: kerf: TransformerEncoderLayer: the mask [3, 3] is none of the scores [B, 2, 5, 5],
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const Tensor<f32, B, 5, 8> &x, const Tensor<f32, 3, 3> &m) {
  nn::TransformerEncoderLayer<8, 2> layer;
  let y = layer(x, Mode::inference, option<"mask"> = m);
  (void)(y + 1);
}
