// error: kerf: normal: draws from a Key, Tensor<u32, 2>, got f32 [2]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() { (void)normal<B, 6>(Tensor<f32, 2>()); }
