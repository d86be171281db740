// error: kerf: update_at: element types differ: f32 and f64; use cast<f32>()
#include <kerf/kerf.h>

using namespace kerf;

void wrong() { (void)update_at<0>(Tensor<f32, 4, 8>(), Tensor<i64>(), Tensor<f64, 2, 8>()); }
