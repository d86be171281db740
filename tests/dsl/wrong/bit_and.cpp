// error: kerf: bit_and: operands must be i1, i8, i16, i32 or i64
#include <kerf/kerf.h>

using namespace kerf;

void wrong() { (void)bit_and(Tensor<f32, 4>(), Tensor<f32, 4>()); }
