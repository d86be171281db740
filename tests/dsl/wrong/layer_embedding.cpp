// error: kerf: Embedding: the indices must be i64, got f32
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  nn::Embedding<8, 4> layer;
  let y = layer(Tensor<f32, B>());
  (void)(y + 1);
}
