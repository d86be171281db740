// error: adam_step: beta1 = 1.5, but must be in [0, 1)
#include <kerf/kerf.h>

using namespace kerf;
namespace {
struct Net : Module {
  Param<f32, 4> a;
};
void f(Net &net, Adam<Net> &adam, const Net &gradients) {
  adam_step(net, gradients, adam, beta1 = 1.5); // <- here
}
const auto registered = model<"beta_beyond">(entry<"f">(f, roles("params", "adam", "gradients")));
} // namespace
