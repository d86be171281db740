// error: kerf: einsum: '...' is lost on the right of ...i,i->
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() { (void)einsum<"...i,i->">(Tensor<f32, B, 4>(), Tensor<f32, 4>()); }
