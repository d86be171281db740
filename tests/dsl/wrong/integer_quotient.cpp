// error: kerf: /: operands must be f32, f64, bf16 or f16; of integers write floor_divide(a, b)
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() { (void)(Tensor<i64, 3>() / 2); }
