// error: kerf: conv: stride 2 does not divide H; declare the dim as 2*n
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() { (void)conv<2, 1>(Tensor<f32, B, 3, H, H>(), Tensor<f32, 8, 3, 4, 4>()); }
