// error: kerf: reshape: [B, 6] has 6*B elements, but [B, 7] has 7*B
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() { (void)reshape<B, 7>(Tensor<f32, B, 6>()); }
