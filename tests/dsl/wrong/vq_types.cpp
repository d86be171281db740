// error: kerf: vq: element types differ: f32 and f64; use cast<f32>()
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 37, 24> &z, const Tensor<f32, 50, 24> &e, const Key &k) {
  (void)k;
  (void)vq(z, cast<f64>(e));
}
