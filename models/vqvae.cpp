// The VQ-VAE's entry points and its recipe: plain autoencoder, then codebook, then all of it.
#include "vqvae.h"

#ifndef VQVAE_WIDTH
#define VQVAE_WIDTH 64 // tests train a narrower one
#endif

namespace kerf::models {
namespace {

constexpr int codes = 512, features = 64, steps = 1875, warmup_steps = 100;
using Model = VqVae<VQVAE_WIDTH, codes, features>;
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

/// Code i becomes the encoder's output at a uniform position of image i. Adam starts anew for the
/// codebook alone: its first steps are as large as the rate in every weight, and would throw
/// encoder and decoder back.
void init_codebook(Model &model, Adam<Model> &adam, const Images<codes> &images, const Key &key) {
  let z = model.encoder(images);                      // (Codes, Features, 8, 8)
  let table = rearrange<"b d h w -> (b h w) d">(z);   // (64 Codes, Features)
  let position = cast<i64>(64 * uniform<codes>(key)); // (Codes), in [0, 64)
  model.codebook.weight = gather(table, 64 * arange<codes>() + position);
  adam.m.codebook = adam.v.codebook = zeros<decltype(model.codebook)>();
}

// [example]
VqLosses train_step(Model &model, Adam<Model> &adam, Progress &progress, const Images<B> &images) {
  auto loss = [](const Model &model, const auto &images) { return vqvae_loss(model, images); };
  auto [losses, gradients] = value_and_grad(loss)(model, images);
  adam_step(model, gradients, adam, rate = learning_rate(progress));
  progress.step = progress.step + 1;
  return losses;
}
// [example]

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

const auto registered = model<"vqvae">(
    entry<"init">(init, roles("params", "adam", "step", "key")),
    entry<"warmup_step">(warmup_step, roles("params", "adam", "step", "images"), bind(B, 32),
                         returns("loss")),
    entry<"init_codebook">(init_codebook, roles("params", "adam", "images", "key")),
    entry<"train_step">(train_step, roles("params", "adam", "step", "images"), bind(B, 32)),
    entry<"encode">(encode, roles("params", "images"), bind(B, 100), returns("codes")),
    entry<"decode">(decode, roles("params", "codes"), bind(B, 100), returns("images")),
    entry<"reconstruct">(reconstruct, roles("params", "images"), bind(B, 100)),
    constant("steps", steps), constant("warmup_steps", warmup_steps), constant("codes", codes));

} // namespace
} // namespace kerf::models
