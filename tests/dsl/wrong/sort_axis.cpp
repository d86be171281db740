// error: kerf: sort: axis 2 is outside [0, 2) of [4, 8]
#include <kerf/kerf.h>

using namespace kerf;

void wrong() { (void)sort<2>(Tensor<f32, 4, 8>()); }
