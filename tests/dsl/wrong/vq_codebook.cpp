// error: kerf: vq: a codebook is [codes, features], got [2, 50, 24]
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 37, 24> &z, const Tensor<f32, 50, 24> &e, const Key &k) {
  (void)k;
  (void)vq(z, Tensor<f32, 2, 50, 24>());
  (void)e;
}
