// error: kerf: rmsprop_step: momentum takes a state with velocities, RmsProp<Tree, false, true>
#include <kerf/kerf.h>
#include <kerf/optimizers.h>

using namespace kerf;

struct Net : Module {
  Param<f32, 4> weight;
};

void wrong(Net &net, const Net &gradients, RmsProp<Net> &state) {
  rmsprop_step(net, gradients, state, option<"momentum"> = 0.9);
}
