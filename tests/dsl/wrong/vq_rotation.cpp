// error: kerf: vq: rotation_trick diverges with sampled codes, which may be far from z; use
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 37, 24> &z, const Tensor<f32, 50, 24> &e, const Key &k) {
  (void)k;
  (void)vq(z, e, estimator = rotation_trick, selection = sampled, key = k, temperature = 1);
}
