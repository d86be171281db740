// error: kerf: adam_step: takes its state behind the gradients, of type Adam<Model>:
#include <kerf/kerf.h>

using namespace kerf;

struct Model : Module {
  Param<f32, 4> weight;
};

void wrong(Model &model, const Model &gradients) { adam_step(model, gradients, rate = 1e-3); }
