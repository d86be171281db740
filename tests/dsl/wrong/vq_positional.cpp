// error: kerf: vq: an option is given by name, as in metric = ...; where a variable
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 37, 24> &z, const Tensor<f32, 50, 24> &e, const Key &k) {
  (void)k;
  (void)vq(z, e, k);
}
