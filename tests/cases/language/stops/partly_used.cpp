// nothing
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
namespace {
using X = Tensor<f32, 2, 4>;
// Each entry uses a part; a running mean and a count are for nobody but themselves.
struct Net : Module {
  nn::Linear<4, 4> encoder, decoder;
  nn::BatchNorm1d<4> norm;
};
X encode(const Net &net, const X &x) { return net.encoder(x); }
void train(Net &net, const X &x) {
  const auto loss = [](const Net &net, const X &x) {
    return mse(net.norm(net.decoder(net.encoder(x)), Mode::training), x);
  };
  auto [value, gradients] = value_and_grad(loss)(net, x);
  net.encoder.weight = net.encoder.weight - gradients.encoder.weight;
  net.decoder.weight = net.decoder.weight - gradients.decoder.weight;
}
struct Totals {
  Tensor<f32> sum;
};
void add(Totals &totals, const X &x) { totals.sum = totals.sum + mean(x); }
const auto registered = model<"partly_used">(entry<"encode">(encode, roles("net", "x")),
                                             entry<"train">(train, roles("net", "x")),
                                             entry<"add">(add, roles("totals", "x")));
} // namespace
