// error: kerf: var: x must be f32, f64, bf16 or f16, got i64
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() { (void)var<0>(Tensor<i64, B, 4>()); }
