// error: kerf: flip: axis 2 is outside [0, 2) of [B, 4]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() { (void)flip<2>(Tensor<f32, B, 4>()); }
