// error: kerf: slice_at: the offset is one number, a tensor of shape [], got [2]
#include <kerf/kerf.h>

using namespace kerf;

void wrong() { (void)slice_at<1, 2>(Tensor<f32, 4, 8>(), Tensor<i64, 2>()); }
