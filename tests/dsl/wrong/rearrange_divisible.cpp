// error: kerf: rearrange: 30 is not divisible by 4 for 'h' in [B, 30]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() {
  let y = rearrange<"b (h p=4) -> b h p">(Tensor<f32, B, 30>());
  (void)(y + y);
}
