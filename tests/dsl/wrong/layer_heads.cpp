// error: kerf: MultiheadAttention: 10 features are not divisible by 4 heads
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  nn::MultiheadAttention<10, 4> layer;
  let y = layer(Tensor<f32, B, 5, 10>());
  (void)(y + 1);
}
