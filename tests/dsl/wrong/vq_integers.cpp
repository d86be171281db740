// error: kerf: vq: z must be f32, f64, bf16 or f16, got i64
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 37, 24> &z, const Tensor<f32, 50, 24> &e, const Key &k) {
  (void)k;
  (void)vq(cast<i64>(z), cast<i64>(e));
}
