// error: kerf: &&: both sides must be i1: compare, as in x > 0 && y > 0
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() { (void)(Tensor<f32, B>() && Tensor<i1, B>()); }
