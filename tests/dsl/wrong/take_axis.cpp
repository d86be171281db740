// error: kerf: take: axis 2 is outside [0, 2) of [B, 6]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() { (void)take<2, 0, 1>(Tensor<f32, B, 6>()); }
