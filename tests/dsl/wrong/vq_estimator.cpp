// error: kerf: vq: estimator is straight_through_estimator, rotation_trick, gumbel_softmax,
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 37, 24> &z, const Tensor<f32, 50, 24> &e, const Key &k) {
  (void)k;
  (void)vq(z, e, estimator = sampled, key = k, temperature = 1);
}
