// error: value_and_grad uses 'b' of Net, which has no value yet
#include <kerf/kerf.h>

using namespace kerf;
namespace {
using X = Tensor<f32, 4>;
struct Net : Module {
  Param<f32, 4> a, b;
};
Tensor<f32> f(const X &x) {
  Net net;
  net.a = x;
  auto loss = [](const Net &net) { return sum(net.a); };
  auto [value, gradients] = value_and_grad(loss)(net); // <- here
  return value;
}
const auto registered = model<"unset_in_loss">(entry<"f">(f, roles("x")));
} // namespace
