// The residual VQ-VAE's entry points and its recipe: plain autoencoder, then k-means of its latents
// and of what each level leaves of them, then all of it.
#include "vqvae_residual.h"

#ifndef VQVAE_WIDTH
#define VQVAE_WIDTH 64 // tests train a narrower one
#endif

namespace kerf::models {
namespace {

constexpr int levels = 4, codes = 64, features = 64, steps = 1875, warmup_steps = 100;
using Model = ResidualVqVae<VQVAE_WIDTH, levels, codes, features>;
template <Dim Batch> using Images = Tensor<f32, Batch, 1, 32, 32>; // pixels in [0, 1]

void init(Model &model, Adam<Model> &adam, Progress &progress, const Key &key) {
  model = initialize<Model>(key);
  adam = zeros<Adam<Model>>();
  progress = zeros<Progress>();
}

/// 1e-3, then linear to 0 over the last quarter of the run.
auto learning_rate(const Progress &progress) {
  return linear_decay(progress.step, 1e-3, steps, 0.25);
}

Tensor<f32> warmup_step(Model &model, Adam<Model> &adam, Progress &progress,
                        const Images<B> &images) {
  auto loss = [](const Model &model, const auto &images) { return warmup_loss(model, images); };
  auto [value, gradients] = value_and_grad(loss)(model, images);
  adam_step(model, gradients, adam, rate = learning_rate(progress));
  progress.step = progress.step + 1;
  return value;
}

/// Each level's codes become the centers of clusters of what the levels before it leave of latents,
/// and Adam starts anew.
void init_codebook(Model &model, Adam<Model> &adam, const Images<128> &images, const Key &key) {
  let rest = model.encoder(images); // (128, Features, 8, 8)
  for (int level = 0; level < levels; ++level) {
    const auto &codebook = model.codebooks[level] =
        kmeans<codes, 10, 1>(rest, fold(key, level)).centers;
    rest = rest - vq<1>(rest, codebook).quantized;
  }
  adam = zeros<Adam<Model>>();
}

VqLosses train_step(Model &model, Adam<Model> &adam, Progress &progress, const Images<B> &images) {
  auto loss = [](const Model &model, const auto &images) { return residual_loss(model, images); };
  auto [losses, gradients] = value_and_grad(loss)(model, images);
  adam_step(model, gradients, adam, rate = learning_rate(progress));
  progress.step = progress.step + 1;
  return losses;
}

Tensor<i64, B, 8, 8, levels> encode(const Model &model, const Images<B> &images) {
  return model.encode(images);
}

Images<B> decode(const Model &model, const Tensor<i64, B, 8, 8, levels> &codes) {
  return model.decode(codes);
}

struct Reconstruction {
  Images<B> reconstructions;
  Tensor<i64, B, 8, 8, levels> codes; // numbered through all levels
};
Reconstruction reconstruct(const Model &model, const Images<B> &images) {
  let own = encode(model, images);
  return {decode(model, own), numbered<levels, codes>(own)};
}

const auto registered = model<"vqvae_residual">(
    entry<"init">(init, roles("params", "adam", "step", "key")),
    entry<"warmup_step">(warmup_step, roles("params", "adam", "step", "images"), bind(B, 32),
                         returns("loss")),
    entry<"init_codebook">(init_codebook, roles("params", "adam", "images", "key")),
    entry<"train_step">(train_step, roles("params", "adam", "step", "images"), bind(B, 32)),
    entry<"encode">(encode, roles("params", "images"), bind(B, 100), returns("codes")),
    entry<"decode">(decode, roles("params", "codes"), bind(B, 100), returns("images")),
    entry<"reconstruct">(reconstruct, roles("params", "images"), bind(B, 100)),
    constant("steps", steps), constant("warmup_steps", warmup_steps),
    constant("codes", levels *codes));

} // namespace
} // namespace kerf::models
