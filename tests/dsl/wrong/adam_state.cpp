// error: kerf: adam_step: the state is Adam of another tree or optimizer; want Adam<Generator>
#include <kerf/kerf.h>

using namespace kerf;

struct Critic : Module {
  Param<f32, 4> weight;
};
struct Generator : Module {
  Param<f32, 4> weight;
};

void wrong(Generator &net, const Generator &gradients, Adam<Critic> &adam) {
  adam_step(net, gradients, adam, rate = 1e-3);
}
