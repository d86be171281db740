// error: kerf: tile: needs one number for each axis of [B, 4], got [2]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() { (void)tile<2>(Tensor<f32, B, 4>()); }
