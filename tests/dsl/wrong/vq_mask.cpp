// error: kerf: vq: mask is i1, a truth per row of z: [37]
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 37, 24> &z, const Tensor<f32, 50, 24> &e, const Key &k) {
  (void)k;
  (void)vq(z, e, mask = z > 0);
}
