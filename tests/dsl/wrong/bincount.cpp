// error: kerf: bincount: numbers must be i8, i16, i32 or i64
#include <kerf/kerf.h>

using namespace kerf;

void wrong() { (void)bincount<3>(Tensor<f32, 4>()); }
