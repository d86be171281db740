// error: kerf: einsum: output axis 'q' is not in the inputs, or stands twice
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() { (void)einsum<"b d, k d -> b q">(Tensor<f32, B, 64>(), Tensor<f32, 5, 64>()); }
