// error: kerf: lion_step: takes its state behind the gradients, of type Lion<Model>:
#include <kerf/kerf.h>
#include <kerf/optimizers.h>

using namespace kerf;

struct Model : Module {
  Param<f32, 4> weight;
};

void wrong(Model &model, const Model &gradients) { lion_step(model, gradients); }
