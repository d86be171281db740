// error: kerf: adam_step: rate must be a number or a scalar, got [4]
#include <kerf/kerf.h>

using namespace kerf;

struct Net : Module {
  Param<f32, 4> weight;
};

void wrong(Net &net, Adam<Net> &adam, const Tensor<f32, 4> &x) {
  adam_step(net, net, adam, rate = x);
}
