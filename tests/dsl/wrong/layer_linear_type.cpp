// error: kerf: Linear: the input is i64, the parameters are f32; use cast<f32>()
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  nn::Linear<8, 4> layer;
  let y = layer(Tensor<i64, B, 8>());
  (void)(y + 1);
}
