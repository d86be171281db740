// The entry points of the VQ-VAE with a codebook of moving averages, and its recipe: plain
// autoencoder, then k-means of its latents, then all of it, with new life for dead codes.
#include "vqvae_ema.h"

#ifndef VQVAE_WIDTH
#define VQVAE_WIDTH 64 // tests train a narrower one
#endif

namespace kerf::models {
namespace {

constexpr int codes = 512, features = 64, steps = 1875, warmup_steps = 100;
using Nets = Autoencoder<VQVAE_WIDTH, features>;
using Model = EmaVqVae<VQVAE_WIDTH, codes, features>;
template <Dim Batch> using Images = Tensor<f32, Batch, 1, 32, 32>; // pixels in [0, 1]

/// All that training needs beside the model and the number of the step.
struct Training {
  Adam<Nets> adam;
  CodebookState<codes, features> codebook;
  Key key;
};

void init(Model &model, Training &training, Progress &progress, const Key &key) {
  model = initialize<Model>(key);
  training = zeros<Training>();
  training.key = fold(key, -1); // initialize has the others
  progress = zeros<Progress>();
}

/// 1e-3, then linear to 0 over the last quarter of the run.
auto learning_rate(const Progress &progress) {
  return linear_decay(progress.step, 1e-3, steps, 0.25);
}

Tensor<f32> warmup_step(Model &model, Training &training, Progress &progress,
                        const Images<B> &images) {
  auto loss = [](const Nets &nets, const auto &images) { return warmup_loss(nets, images); };
  auto [value, gradients] = value_and_grad(loss)(model.nets, images);
  adam_step(model.nets, gradients, training.adam, rate = learning_rate(progress));
  progress.step = progress.step + 1;
  return value;
}

/// Codes become the centers of clusters of latents, counted as in a step, and Adam starts anew.
void init_codebook(Model &model, Training &training, const Images<512> &images, const Key &key) {
  let z = model.nets.encoder(images); // (512, Features, 8, 8)
  const auto clusters = kmeans<codes, 10, 1>(z, key);
  model.codebook.weight = clusters.centers;
  training.codebook = ema_state(clusters.centers, clusters.count * (32.0 / 512));
  training.adam = zeros<Adam<Nets>>();
}

VqLosses train_step(Model &model, Training &training, Progress &progress, const Images<B> &images) {
  auto loss = [&](const Nets &nets, const auto &images) {
    return ema_loss(nets, model.codebook, images);
  };
  auto [value, gradients] = value_and_grad(loss)(model.nets, images);
  adam_step(model.nets, gradients, training.adam, rate = learning_rate(progress));
  ema_update<1>(model.codebook.weight, training.codebook, value.z, value.codes, decay = 0.99);
  revive<1>(model.codebook.weight, training.codebook, value.z, fold(training.key, progress.step),
            threshold = 0.5);
  progress.step = progress.step + 1;
  return value.losses;
}

Tensor<i64, B, 8, 8> encode(const Model &model, const Images<B> &images) {
  return model.encode(images);
}

Images<B> decode(const Model &model, const Tensor<i64, B, 8, 8> &codes) {
  return model.decode(codes);
}

struct Reconstruction {
  Images<B> reconstructions;
  Tensor<i64, B, 8, 8> codes;
};
Reconstruction reconstruct(const Model &model, const Images<B> &images) {
  let codes = encode(model, images);
  return {decode(model, codes), codes};
}

const auto registered = model<"vqvae_ema">(
    entry<"init">(init, roles("params", "training", "step", "key")),
    entry<"warmup_step">(warmup_step, roles("params", "training", "step", "images"), bind(B, 32),
                         returns("loss")),
    entry<"init_codebook">(init_codebook, roles("params", "training", "images", "key")),
    entry<"train_step">(train_step, roles("params", "training", "step", "images"), bind(B, 32)),
    entry<"encode">(encode, roles("params", "images"), bind(B, 100), returns("codes")),
    entry<"decode">(decode, roles("params", "codes"), bind(B, 100), returns("images")),
    entry<"reconstruct">(reconstruct, roles("params", "images"), bind(B, 100)),
    constant("steps", steps), constant("warmup_steps", warmup_steps), constant("codes", codes));

} // namespace
} // namespace kerf::models
