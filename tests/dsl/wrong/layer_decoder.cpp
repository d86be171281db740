// error: kerf: TransformerDecoderLayer: the memory must be [B, T, 8], got [B, 6, 7]
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  nn::TransformerDecoderLayer<8, 2> layer;
  let y = layer(Tensor<f32, B, 5, 8>(), Tensor<f32, B, 6, 7>(), Mode::inference);
  (void)(y + 1);
}
