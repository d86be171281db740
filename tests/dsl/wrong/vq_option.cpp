// error: kerf: vq: there is no option rate; its options are metric, selection
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 37, 24> &z, const Tensor<f32, 50, 24> &e, const Key &k) {
  (void)k;
  (void)vq(z, e, rate = 0.25);
}
