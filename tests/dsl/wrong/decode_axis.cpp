// error: kerf: decode: the axis of features, 2, is outside the result of codes [37]
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 37, 24> &z, const Tensor<f32, 50, 24> &e, const Key &k) {
  (void)k;
  (void)decode<2>(e, vq(z, e).codes);
}
