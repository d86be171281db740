// error: kerf: rotary: 10 features are not divisible into pairs for 2 axes, in [B, 6, 10]
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  let y = nn::rotary<2, 3>(Tensor<f32, B, 6, 10>());
  (void)(y + 1);
}
