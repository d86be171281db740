// error: kerf: sum: axes [2] are not ascending axes of [B, 6], which has rank 2
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() { (void)sum<2>(Tensor<f32, B, 6>()); }
