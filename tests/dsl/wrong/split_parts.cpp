// error: kerf: split: 10 is not divisible into 3 parts, axis 1 of [B, 10]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() { (void)split<-1, 3>(Tensor<f32, B, 10>()); }
