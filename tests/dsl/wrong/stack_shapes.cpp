// error: kerf: stack: shapes differ: [B, 4] and [B, 5]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() { (void)stack<0>(Tensor<f32, B, 4>(), Tensor<f32, B, 5>()); }
