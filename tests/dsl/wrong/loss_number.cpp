// error: kerf: value_and_grad: the loss returns double; it returns a scalar, or an aggregate
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 4> &x) {
  (void)value_and_grad([](const Tensor<f32, 4> &) { return 0.5; })(x);
}
