// error: kerf: MultiheadAttention: the mask [4, 4] is none of the scores [B, 2, 5, 5], [B, heads,
// T, S]
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  nn::MultiheadAttention<8, 2> layer;
  let y = layer(Tensor<f32, B, 5, 8>(), mask = nn::causal_mask<4>());
  (void)(y + 1);
}
