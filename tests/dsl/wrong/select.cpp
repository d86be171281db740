// error: kerf: select: c must be i1
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() {
  const Tensor<f32, 3> x;
  (void)select(x, x, 0);
}
