// error: kerf: tril: needs two axes or more, got [B]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() { (void)tril(Tensor<f32, B>()); }
