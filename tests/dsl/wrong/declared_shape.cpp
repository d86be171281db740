// error: kerf: declared [B, 64] but the expression is [B, 32]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() {
  Tensor<f32, B, 64> y = Tensor<f32, B, 32>() * 2;
  (void)y;
}
