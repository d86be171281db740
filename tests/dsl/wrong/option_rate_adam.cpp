// error: kerf: adam_step: rate must be a number or a scalar
#include <kerf/kerf.h>

using namespace kerf;

struct Net : Module {
  Param<f32, 4> weight;
};

void wrong(Net &net, const Net &gradients, Adam<Net> &adam) {
  adam_step(net, gradients, adam, rate = "0.1");
}
