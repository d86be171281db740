// error: kerf: squeeze: axis 1 of [B, 4] is 4, not 1
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() { (void)squeeze<1>(Tensor<f32, B, 4>()); }
