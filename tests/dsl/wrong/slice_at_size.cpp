// error: kerf: slice_at: size 9 is outside [0, 8], axis 1 of [4, 8]
#include <kerf/kerf.h>

using namespace kerf;

void wrong() { (void)slice_at<1, 9>(Tensor<f32, 4, 8>(), Tensor<i64>()); }
