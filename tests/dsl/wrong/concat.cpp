// error: kerf: concat: axis 1 is 6 vs 7 in [B, 6] and [B, 7]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() { (void)concat<0>(Tensor<f32, B, 6>(), Tensor<f32, B, 7>()); }
