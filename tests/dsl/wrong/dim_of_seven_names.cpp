// error: kerf: rearrange: axis 0 is a product of more than 6 named dims
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto A = dim<"A">(), B = dim<"B">(), C = dim<"C">(), D = dim<"D">();

void wrong() {
  (void)rearrange<"a b c d e f g -> (a b c d e f g)">(Tensor<f32, A, B, C, D, A, B, C>());
}
