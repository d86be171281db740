// error: kerf: decode: there is no option temperature; its option is metric
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 50, 24> &e, const Tensor<i64, 37> &codes) {
  (void)decode(e, codes, temperature = 1);
}
