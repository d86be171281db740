// error: kerf: vq: nothing is soft or drawn, so temperature has no use
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 37, 24> &z, const Tensor<f32, 50, 24> &e, const Key &k) {
  (void)k;
  (void)vq(z, e, temperature = 0.5);
}
