// error: kerf: bincount: numbers must be i32 or i64
#include <kerf/kerf.h>

using namespace kerf;

void wrong() { (void)bincount<3>(Tensor<f32, 4>()); }
