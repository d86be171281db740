// error: kerf: mul: element types differ: f32 and i64; use cast<f32>()
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() { (void)(Tensor<f32, 3>() * Tensor<i64, 3>()); }
