// error: kerf: take_along: indices must be i64
#include <kerf/kerf.h>

using namespace kerf;

void wrong() { (void)take_along(Tensor<f32, 4, 8>(), Tensor<i32, 4, 2>()); }
