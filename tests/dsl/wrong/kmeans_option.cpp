// error: kerf: kmeans: there is no option decay; its option is metric
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() { (void)kmeans<512, 10>(Tensor<f32, B, 64>(), Key(), decay = 0.9); }
