// error: kerf: searchsorted: needs a sorted table of [N], N a number, got [2, 9]
#include <kerf/kerf.h>

using namespace kerf;

void wrong() { (void)searchsorted(Tensor<f32, 2, 9>(), Tensor<f32, 4>()); }
