// error: kerf: split: the parts are 9 in all, but axis 1 of [B, 10] is 10
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() { (void)split<1, 4, 5>(Tensor<f32, B, 10>()); }
