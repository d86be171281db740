// error: kerf: MultiheadAttention: the key padding mask must be i1 of [B, 5], got f32 of [B, 5]
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  nn::MultiheadAttention<8, 2> layer;
  let y = layer(Tensor<f32, B, 5, 8>(), option<"key_padding_mask"> = Tensor<f32, B, 5>());
  (void)(y + 1);
}
