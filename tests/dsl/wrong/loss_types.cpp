// error: kerf: value_and_grad: the loss cannot be called with (Net, Net), which it is given
#include <kerf/kerf.h>

using namespace kerf;

struct Net : Module {
  Param<f32, 4> weight;
};

void wrong(const Net &net) {
  auto loss = [](const Net &net, const Tensor<f32, 4> &x) { return sum(net.weight * x); };
  auto [value, gradients] = value_and_grad(loss)(net, net);
  (void)value;
}
