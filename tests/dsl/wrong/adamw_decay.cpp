// error: kerf: adamw_step: there is no option decay; did you mean weight_decay?
#include <kerf/kerf.h>
#include <kerf/optimizers.h>

using namespace kerf;

struct Net : Module {
  Param<f32, 4> weight;
};

void wrong(Net &net, const Net &gradients, Adam<Net> &state) {
  adamw_step(net, gradients, state, decay = 0.1);
}
