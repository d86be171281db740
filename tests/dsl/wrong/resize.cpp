// error: kerf: resize_bilinear: needs images of known height and width on the last two axes, got
// [4, B]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() { (void)resize_bilinear<8, 8>(Tensor<f32, 4, B>()); }
