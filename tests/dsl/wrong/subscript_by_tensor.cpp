// error: kerf: x[i]: i must be a number or a scalar of i64, got i64[B]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() { (void)Tensor<f32, B, 4>()[Tensor<i64, B>()]; }
