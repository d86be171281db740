// error: kerf: sgd_step: decayed is a function that says of a Leaf whether it decays
#include <kerf/kerf.h>
#include <kerf/optimizers.h>

using namespace kerf;

struct Net : Module {
  Param<f32, 4> weight;
};

void wrong(Net &net, const Net &gradients) {
  sgd_step(net, gradients, option<"decayed"> = [](int i) { return i > 0; });
}
