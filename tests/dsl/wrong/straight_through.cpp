// error: kerf: straight_through: shapes differ: [B, 6] and [B, 7]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() { (void)straight_through(Tensor<f32, B, 6>(), Tensor<f32, B, 7>()); }
