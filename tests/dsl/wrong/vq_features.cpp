// error: kerf: vq: z has 37 features along axis 0 of [37, 24], but the codes are [50, 24]
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 37, 24> &z, const Tensor<f32, 50, 24> &e, const Key &k) {
  (void)k;
  (void)vq<0>(z, e);
}
