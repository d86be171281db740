// error: kerf: vq: metric is l2, dot or cosine
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 37, 24> &z, const Tensor<f32, 50, 24> &e, const Key &k) {
  (void)k;
  (void)vq(z, e, metric = rotation_trick);
}
