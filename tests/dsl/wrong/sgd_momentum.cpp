// error: kerf: sgd_step: there is no option momentum; its options are rate, weight_decay and
// decayed
#include <kerf/kerf.h>
#include <kerf/optimizers.h>

using namespace kerf;

struct Net : Module {
  Param<f32, 4> weight;
};

void wrong(Net &net, const Net &gradients) {
  sgd_step(net, gradients, option<"momentum"> = 0.9); // without a state
}
