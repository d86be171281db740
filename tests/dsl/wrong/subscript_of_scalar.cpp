// error: kerf: x[i]: x is a scalar, which has no axis
#include <kerf/kerf.h>

using namespace kerf;

void wrong() { (void)Tensor<f32>()[0]; }
