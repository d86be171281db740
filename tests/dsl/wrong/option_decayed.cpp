// error: kerf: adamw_step: decayed is a function that says of a Leaf whether it decays
#include <kerf/kerf.h>
#include <kerf/optimizers.h>

using namespace kerf;

struct Net : Module {
  Param<f32, 4> weight;
};

void wrong(Net &net, const Net &gradients, Adam<Net> &adam) {
  adamw_step(net, gradients, adam, option<"decayed"> = true);
}
