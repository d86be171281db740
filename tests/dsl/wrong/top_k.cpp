// error: kerf: top_k: k = 9 is outside [1, 8], the last axis of [B, 8]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() { (void)top_k<9>(Tensor<f32, B, 8>()); }
