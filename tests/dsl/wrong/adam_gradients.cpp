// error: kerf: adam_step: the parameters are a Generator, but the gradients a Critic
#include <kerf/kerf.h>

using namespace kerf;

struct Critic : Module {
  Param<f32, 4> weight;
};
struct Generator : Module {
  Param<f32, 4> weight;
};

void wrong(Generator &net, const Critic &gradients, Adam<Generator> &adam) {
  adam_step(net, gradients, adam);
}
