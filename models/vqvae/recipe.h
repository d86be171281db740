// What the VQ-VAE and its variants share of their recipes: images, schedule, warm-up, entries.
#pragma once

#include "models/recipes.h"
#include "models/vqvae/vqvae.h"

#ifndef VQVAE_WIDTH
#define VQVAE_WIDTH 64 // tests train a narrower one
#endif

namespace kerf::models::vqvae {

constexpr int width = VQVAE_WIDTH, features = 64, steps = 1875, warmup_steps = 100;
template <Dim Batch> using Images = Tensor<f32, Batch, 1, 32, 32>; // pixels in [0, 1]

/// 1e-3, then linear to 0 over the last quarter of the run.
inline auto learning_rate(const Progress &progress) {
  return linear_decay(progress.step, 1e-3, steps, 0.25);
}

/// A step of the plain autoencoder around the codebook.
template <class Nets>
Tensor<f32> warmup_step(Nets &nets, Adam<Nets> &adam, Progress &progress, const Images<B> &images) {
  auto loss = [](const Nets &nets, const auto &images) { return warmup_loss(nets, images); };
  return recipes::train_step(loss, nets, adam, progress, learning_rate(progress), images);
}

template <class Codes> struct Reconstruction {
  Images<B> reconstructions;
  Codes codes;
};
template <class Model, class Codes>
Reconstruction<Codes> reconstruct(const Model &model, const Images<B> &images) {
  const Codes codes = model.encode(images);
  return {model.decode(codes), codes};
}

} // namespace kerf::models::vqvae
