// error: kerf: einsum: axis 'i' stands twice in a; of a diagonal write sum(x * eye)
#include <kerf/kerf.h>

using namespace kerf;

void wrong() { (void)einsum<"i i ->">(Tensor<f32, 4, 4>()); }
