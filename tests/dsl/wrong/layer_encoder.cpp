// error: kerf: TransformerEncoderLayer: the input must be [B, T, 8], got [B, 8, 5]
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  nn::TransformerEncoder<nn::TransformerEncoderLayer<8, 2>, 2> layer;
  let y = layer(Tensor<f32, B, 8, 5>(), Mode::inference);
  (void)(y + 1);
}
