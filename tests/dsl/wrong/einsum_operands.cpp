// error: kerf: einsum: 'b i, b j, b k -> i j k' is of 3 operands, but there are 2
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() { (void)einsum<"b i, b j, b k -> i j k">(Tensor<f32, B, 4>(), Tensor<f32, B, 4>()); }
