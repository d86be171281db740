// error: kerf: take: [2, 9) is not inside axis 1 of [B, 6]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() { (void)take<1, 2, 9>(Tensor<f32, B, 6>()); }
