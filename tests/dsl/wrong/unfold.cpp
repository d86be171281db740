// error: kerf: unfold: a window of 5 does not fit into axis -1 of [B, 4]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() { (void)unfold<-1, 5, 1>(Tensor<f32, B, 4>()); }
