// error: adam_step uses 'm.a' of Adam, which has no value yet
#include <kerf/kerf.h>

using namespace kerf;
namespace {
using X = Tensor<f32, 4>;
struct Net : Module {
  Param<f32, 4> a;
};
void f(Net &net, const X &x) {
  auto loss = [](const Net &net, const X &x) { return sum(net.a * x); };
  auto [value, gradients] = value_and_grad(loss)(net, x);
  Adam<Net> adam;
  adam_step(net, gradients, adam); // <- here
}
const auto registered = model<"unset_optimizer">(entry<"f">(f, roles("params", "x")));
} // namespace
