// error: kerf: add: cannot broadcast [B, 64] with [32]: axis -1 is 64 vs 32
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() { (void)(Tensor<f32, B, 64>() + Tensor<f32, 32>()); }
