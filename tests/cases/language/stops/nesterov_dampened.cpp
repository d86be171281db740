// error: sgd_step: nesterov takes momentum above 0 and dampening 0, got 0.9 and 0.1
#include <kerf/kerf.h>
#include <kerf/optimizers.h>

using namespace kerf;
namespace {
struct Net : Module {
  Param<f32, 4> a;
};
void f(Net &net, Sgd<Net> &sgd, const Net &gradients) {
  sgd_step(net, gradients, sgd, option<"nesterov"> = true, option<"dampening"> = 0.1); // <- here
}
const auto registered =
    model<"nesterov_dampened">(entry<"f">(f, roles("params", "sgd", "gradients")));
} // namespace
