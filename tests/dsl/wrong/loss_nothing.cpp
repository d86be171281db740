// error: kerf: value_and_grad: the loss returns nothing; it returns a scalar, or an aggregate
#include <kerf/kerf.h>

using namespace kerf;

struct Net : Module {
  Param<f32, 4> weight;
};

void wrong(const Net &net, const Tensor<f32, 4> &x) {
  auto loss = [&](const Net &net) { (void)sum(net.weight * x); };
  auto [value, gradients] = value_and_grad(loss)(net);
  (void)value;
}
