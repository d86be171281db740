// Estimators and losses that weigh all codes, at a size where rows x codes would not fit in a
// cache: a training step of each around a small network.
#include <kerf/kerf.h>
#include <kerf/nn.h>

namespace kerf::models {
namespace {

constexpr int rows = 4100, inputs = 12, features = 16, codes = 512; // 4100: 64 blocks and four rows

struct Model : Module {
  nn::Linear<inputs, features> encoder;
  nn::Embedding<codes, features> codebook;
  nn::Linear<features, inputs> decoder;
};
using Rows = Tensor<f32, rows, inputs>;

/// Of the reconstruction's error and what `quantize` adds to it.
Model gradients_of(const Model &model, const Rows &x, auto quantize) {
  auto loss = [&](const Model &model, const auto &x) {
    let z = model.encoder(x);
    auto [output, more] = quantize(z, model.codebook.weight);
    let loss = mse(model.decoder(output), x) + more;
    return loss;
  };
  auto [value, gradients] = value_and_grad(loss)(model, x);
  return gradients;
}

void gumbel(Model &gradients, const Model &model, const Rows &x, const Key &noise) {
  gradients = gradients_of(model, x, [&](const auto &z, const auto &e) {
    auto q = vq(z, e, estimator = gumbel_softmax, temperature = 0.7, key = noise);
    return std::pair(q.output, Tensor<f32>(q.losses.commitment));
  });
}
void index(Model &gradients, const Model &model, const Rows &x) {
  gradients = gradients_of(model, x, [&](const auto &z, const auto &e) {
    auto q = vq(z, e, metric = dot, estimator = index_backpropagation);
    return std::pair(q.output, Tensor<f32>(q.losses.commitment));
  });
}
void entropies(Model &gradients, const Model &model, const Rows &x) {
  gradients = gradients_of(model, x, [&](const auto &z, const auto &e) {
    auto q = vq(z, e, entropy = 0.5);
    return std::pair(q.output, Tensor<f32>(q.losses.entropy + q.losses.diversity));
  });
}
Tensor<i64, rows> drawn(const Model &model, const Rows &x, const Key &noise) {
  auto q = vq(model.encoder(x), model.codebook.weight, selection = sampled, temperature = 0.5,
              key = noise);
  return q.codes;
}

/// The codes of three levels, of as many rows as do not fit in a cache either.
Tensor<i64, 8192, 3> levels(const Tensor<f32, 8192, 32> &z,
                            const std::array<Tensor<f32, 64, 32>, 3> &codebooks) {
  return residual_vq(z, codebooks).codes;
}

const auto registered =
    model<"soft_codes">(entry<"levels">(levels, roles("z", "codebooks"), returns("codes")),
                        entry<"gumbel">(gumbel, roles("gradients", "params", "x", "key")),
                        entry<"index">(index, roles("gradients", "params", "x")),
                        entry<"entropies">(entropies, roles("gradients", "params", "x")),
                        entry<"drawn">(drawn, roles("params", "x", "key"), returns("codes")));

} // namespace
} // namespace kerf::models
