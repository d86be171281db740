// error: kerf: sgd_step: the parameters are a Generator, but the gradients a Critic
#include <kerf/kerf.h>
#include <kerf/optimizers.h>

using namespace kerf;

struct Critic : Module {
  Param<f32, 4> weight;
};
struct Generator : Module {
  Param<f32, 4> weight;
};

void wrong(Generator &net, const Critic &gradients) { sgd_step(net, gradients, rate = 1e-3); }
