// error: kerf: decode: codes must be i64, got f32
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 37, 24> &z, const Tensor<f32, 50, 24> &e, const Key &k) {
  (void)k;
  (void)decode(e, z);
}
