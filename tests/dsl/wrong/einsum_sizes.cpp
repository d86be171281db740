// error: kerf: einsum: axis 'd' is 64 and 32 in b d, k d -> b k
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() {
  let y = einsum<"b d, k d -> b k">(Tensor<f32, B, 64>(), Tensor<f32, 5, 32>());
  (void)exp(y);
}
