// error: kerf: floor_divide: operands must be i8, i16, i32 or i64
#include <kerf/kerf.h>

using namespace kerf;

void wrong() { (void)floor_divide(Tensor<f32, 4>(), 2.0f); }
