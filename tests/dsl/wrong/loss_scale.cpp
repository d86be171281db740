// error: kerf: info_nce: scale must be a number or a scalar, got [4]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const Tensor<f32, B, 4> &a, const Tensor<f32, 4> &scale) {
  let y = info_nce(a, a, scale);
  (void)(y + 1);
}
