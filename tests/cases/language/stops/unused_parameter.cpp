// warning: no entry uses 2 of the 4 parameters of 'net': other.weight, other.bias
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
namespace {
using X = Tensor<f32, 2, 4>;
struct Net : Module {
  nn::Linear<4, 4> layer, other;
  auto operator()(const auto &x) const {
    let h = layer(x);
    let lost = other(h);
    return h;
  }
};
auto loss(const Net &net, const X &x) { return mse(net(x), x); }
void init(Net &net, Adam<Net> &adam, const Key &key) {
  net = initialize<Net>(key);
  adam = zeros<Adam<Net>>();
}
void train(Net &net, Adam<Net> &adam, const X &x) {
  auto [value, gradients] = value_and_grad(loss)(net, x);
  adam_step(net, gradients, adam, rate = 1e-3);
}
const auto registered =
    model<"unused_parameter">(entry<"init">(init, roles("net", "adam", "key")), // <- here
                              entry<"train">(train, roles("net", "adam", "x")));
} // namespace
