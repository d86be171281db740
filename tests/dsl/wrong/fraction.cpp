// error: kerf: a fraction in an expression of integers; cast the tensor first
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() { (void)(Tensor<i64, 3>() + 0.5); }
