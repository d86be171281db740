// error: kerf: MultiheadAttention: there is no option attn_mask; its options are mask and
// key_padding_mask
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  nn::MultiheadAttention<8, 2> layer;
  let y = layer(Tensor<f32, B, 5, 8>(), option<"attn_mask"> = nn::causal_mask<5>());
  (void)(y + 1);
}
