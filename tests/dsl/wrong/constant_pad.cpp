// error: kerf: constant_pad: padding of axis 1 is negative: -1 before, 1 after
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const Tensor<f32, B, 4> &x) {
  let y = constant_pad<1, -1, 1>(x, 0);
  (void)(y + 1);
}
