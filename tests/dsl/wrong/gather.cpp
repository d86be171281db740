// error: kerf: gather: indices must be i64
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() { (void)gather(Tensor<f32, 512, 64>(), Tensor<f32, B>()); }
