// error: kerf: adam_step: beta1 is a number that is known when the model is compiled
#include <kerf/kerf.h>

using namespace kerf;

struct Net : Module {
  Param<f32, 4> weight;
};

void wrong(Net &net, Adam<Net> &adam, const Tensor<f32> &x) {
  adam_step(net, net, adam, beta1 = x);
}
