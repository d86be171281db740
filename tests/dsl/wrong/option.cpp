// error: kerf: adam_step: its options are rate, beta1, beta2 and epsilon
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr Option<struct MomentumTag> momentum;

struct Model : Module {
  Param<f32, 4> weight;
};

void wrong(Model &model, const Model &gradients, Adam<Model> &adam) {
  adam_step(model, gradients, adam, rate = 1e-3, momentum = 0.9);
}
