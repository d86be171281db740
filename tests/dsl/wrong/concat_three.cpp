// error: kerf: concat: axis 0 is B vs 3 in [B, 8] and [3, 4]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() { (void)concat<1>(Tensor<f32, B, 4>(), Tensor<f32, B, 4>(), Tensor<f32, 3, 4>()); }
