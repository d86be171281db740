// error: kerf: einsum: needs what comes out behind an arrow, as in 'n d, k d -> n k'
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() { (void)einsum<"b i, b j">(Tensor<f32, B, 4>(), Tensor<f32, B, 4>()); }
