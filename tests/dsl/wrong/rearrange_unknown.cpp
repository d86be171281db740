// error: kerf: rearrange: give a size for 'h' or 'p'
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() { (void)rearrange<"b (h p) -> b h p">(Tensor<f32, B, 32>()); }
