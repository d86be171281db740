// error: sgd_step: rate = -0.1, but must be 0 or more
#include <kerf/kerf.h>
#include <kerf/optimizers.h>

using namespace kerf;
namespace {
struct Net : Module {
  Param<f32, 4> a;
};
void f(Net &net, const Net &gradients) {
  sgd_step(net, gradients, rate = -0.1); // <- here
}
const auto registered = model<"rate_negative">(entry<"f">(f, roles("params", "gradients")));
} // namespace
