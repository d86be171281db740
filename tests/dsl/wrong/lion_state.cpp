// error: kerf: lion_step: the state is Adam of another tree or optimizer; want Lion<Net>
#include <kerf/kerf.h>
#include <kerf/optimizers.h>

using namespace kerf;

struct Net : Module {
  Param<f32, 4> weight;
};

void wrong(Net &net, const Net &gradients, Adam<Net> &state) { lion_step(net, gradients, state); }
