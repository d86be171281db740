// error: kerf: lfq: codes have at most 52 bits, but z [B, 64] has 64 features
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() { (void)lfq(Tensor<f32, B, 64>()); }
