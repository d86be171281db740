// error: kerf: fsq: a feature needs 2 levels or more, got 1
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() { (void)fsq<8, 1, 5>(Tensor<f32, B, 3>()); }
