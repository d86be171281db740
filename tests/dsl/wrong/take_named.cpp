// error: kerf: take: [0, B+1) is not inside axis 0 of [B, 6]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() { (void)take<0, 0, B + 1>(Tensor<f32, B, 6>()); }
