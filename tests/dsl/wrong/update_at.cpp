// error: kerf: update_at: the update [9, 8] has more along axis 0 than x [4, 8]
#include <kerf/kerf.h>

using namespace kerf;

void wrong() { (void)update_at<0>(Tensor<f32, 4, 8>(), Tensor<i64>(), Tensor<f32, 9, 8>()); }
