// error: kerf: adam_step: the parameters are const, but are written: take them as Model &
#include <kerf/kerf.h>

using namespace kerf;

struct Model : Module {
  Param<f32, 4> weight;
};

void wrong(const Model &model, const Model &gradients, Adam<Model> &adam) {
  adam_step(model, gradients, adam);
}
