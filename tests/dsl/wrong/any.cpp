// error: kerf: any: x must be i1
#include <kerf/kerf.h>

using namespace kerf;

void wrong() { (void)any(Tensor<f32, 4>()); }
