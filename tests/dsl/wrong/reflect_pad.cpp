// error: kerf: reflect_pad: [1, 5) is not inside axis 1 of [B, 4]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() { (void)reflect_pad<1, 4, 0>(Tensor<f32, B, 4>()); }
