// error: kerf: jvp: the function cannot be called with (
#include <kerf/derivatives.h>
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 4> &x) {
  auto with = jvp([](const Tensor<f32, 4> &x, const Tensor<f32, 4> &y) { return x * y; }, x)(x);
  (void)with;
}
