// error: kerf: vq: the axis of features, 2, is outside z of [37, 24]
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 37, 24> &z, const Tensor<f32, 50, 24> &e, const Key &k) {
  (void)k;
  (void)vq<2>(z, e);
}
