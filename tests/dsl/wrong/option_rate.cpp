// error: kerf: sgd_step: rate must be a number or a scalar
#include <kerf/kerf.h>
#include <kerf/optimizers.h>

using namespace kerf;

struct Net : Module {
  Param<f32, 4> weight;
};

void wrong(Net &net, const Net &gradients) { sgd_step(net, gradients, rate = "0.1"); }
