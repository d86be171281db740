// error: kerf: fsq: z must be f32, f64, bf16 or f16, got i64
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<i64, 4, 3> &z) { (void)fsq<4, 4, 4>(z); }
