// error: kerf: adam_step: the gradients are all that value_and_grad gives; pass its .gradients, or
#include <kerf/kerf.h>

using namespace kerf;

struct Model : Module {
  Param<f32, 4> weight;
};

void wrong(Model &model, Adam<Model> &adam) {
  adam_step(model, value_and_grad([](const Model &m) { return sum(m.weight); })(model), adam);
}
