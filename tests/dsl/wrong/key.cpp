// error: kerf: draws take a Key
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() { (void)normal<B, 6>(Tensor<f32, 2>()); }
