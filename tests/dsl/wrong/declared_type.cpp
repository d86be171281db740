// error: kerf: declared f32 but the expression is i64; use cast<f32>()
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() {
  Tensor<f32, 3> y = Tensor<i64, 3>() + 1;
  (void)y;
}
