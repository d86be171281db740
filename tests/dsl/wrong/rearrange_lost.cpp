// error: kerf: rearrange: axis 'c' is lost on the right
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() { (void)rearrange<"b c -> b">(Tensor<f32, B, 32>()); }
