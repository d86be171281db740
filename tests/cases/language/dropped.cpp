// Statements without effect: each line that ends in `// dropped` must be warned of, and no other.
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;

struct Net : Module {
  Param<f32, 4> weight;
};

Tensor<f32, 4> step(Net &net, Adam<Net> &adam, const Tensor<f32, 4> &x, const Key &key) {
  auto loss = [&](const Net &net) { return sum(net.weight * x); };
  let y = tanh(x);
  relu(y);                                             // dropped
  y + 1;                                               // dropped
  -y;                                                  // dropped
  softmax<0>(y);                                       // dropped
  leaky_relu(y);                                       // dropped
  nn::Linear<4, 4>()(y);                               // dropped
  nn::Dropout()(y, Mode::training, key);               // dropped
  let lost = exp(y);                                   // dropped
  sum(y);                                              // dropped
  reshape<2, 2>(y);                                    // dropped
  cast<f64>(y);                                        // dropped
  matmul(Tensor<f32, 2, 2>(), Tensor<f32, 2, 2>());    // dropped
  normal<4>(key);                                      // dropped
  fold(key, 1);                                        // dropped
  largest<2>(y);                                       // dropped
  initialize<Net>(key);                                // dropped
  zeros<Net>();                                        // dropped
  value_and_grad(loss);                                // dropped
  value_and_grad(loss)(net);                           // dropped
  repeat<3>(x, [](const auto &x) { return tanh(x); }); // dropped
  adam_step(net, value_and_grad(loss)(net).gradients, adam);
  y = y * 2;
  return y;
}
