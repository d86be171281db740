// error: kerf: adam_step: the state is const, but is written: take it as Adam<Model> &
#include <kerf/kerf.h>

using namespace kerf;

struct Model : Module {
  Param<f32, 4> weight;
};

void wrong(Model &model, const Model &gradients, const Adam<Model> &adam) {
  adam_step(model, gradients, adam);
}
