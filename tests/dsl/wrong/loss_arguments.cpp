// error: kerf: value_and_grad: the loss takes 1 argument, but is given 2; it gets what stands in
#include <kerf/kerf.h>

using namespace kerf;

struct Net : Module {
  Param<f32, 4> weight;
};

void wrong(const Net &net, const Tensor<f32, 4> &x) {
  auto loss = [&](const Net &net) { return sum(net.weight * x); };
  auto [value, gradients] = value_and_grad(loss)(net, x);
  (void)value;
}
