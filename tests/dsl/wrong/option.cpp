// error: kerf: adam_step: there is no option momentum; its options are rate, beta1
#include <kerf/kerf.h>

using namespace kerf;

struct Model : Module {
  Param<f32, 4> weight;
};

void wrong(Model &model, const Model &gradients, Adam<Model> &adam) {
  adam_step(model, gradients, adam, rate = 1e-3, option<"momentum"> = 0.9);
}
