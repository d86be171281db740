// error: kerf: take_along: axis 0 of x [4, 8] is 4, of the indices 5
#include <kerf/kerf.h>

using namespace kerf;

void wrong() { (void)take_along(Tensor<f32, 4, 8>(), Tensor<i64, 5, 2>()); }
