// error: kerf: lfq: there is no option temperature; its options are entropy and mask
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() { (void)lfq(Tensor<f32, B, 8>(), temperature = 0.01); }
