// error: kerf: einsum: the pattern names 2 axes of b, which is [5, 64, 2]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() { (void)einsum<"b d, k d -> b k">(Tensor<f32, B, 64>(), Tensor<f32, 5, 64, 2>()); }
