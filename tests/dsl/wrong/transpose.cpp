// error: kerf: transpose: [0, 2] is no permutation of the 2 axes of [B, 6]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() { (void)transpose<0, 2>(Tensor<f32, B, 6>()); }
