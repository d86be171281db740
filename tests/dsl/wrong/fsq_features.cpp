// error: kerf: fsq: levels for 3 features, but z is [B, 4]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() { (void)fsq<8, 5, 5>(Tensor<f32, B, 4>()); }
