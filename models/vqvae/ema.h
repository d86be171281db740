// VQ-VAE whose codebook follows the latents in place of a gradient   [van den Oord 2017, app. A.1]
#pragma once

#include "models/vqvae/vqvae.h"

namespace kerf::models::vqvae {

/// What gradients train.
template <int Width, int Features> struct Autoencoder : Module {
  Encoder<Width, Features> encoder;
  Decoder<Width, Features> decoder;
};

template <int Width, int Codes, int Features> struct EmaVqVae : Module {
  Autoencoder<Width, Features> nets;
  Embedding<Codes, Features> codebook;

  auto encode(const auto &images) const {                      // (B, 1, 32, 32)
    return vq<1>(nets.encoder(images), codebook.weight).codes; // (B, 8, 8)
  }

  auto decode(const auto &codes) const { // (B, 8, 8)
    let images = nets.decoder(kerf::decode<1>(codebook.weight, codes));
    return images; // (B, 1, 32, 32)
  }
};

/// What a step reports, and what the codebook follows.
template <int Features> struct EmaLosses {
  VqLosses losses;
  Tensor<f32, B, Features, 8, 8> z;
  Tensor<i64, B, 8, 8> codes;
};

/// Reconstruction + 0.25 commitment; losses.codebook is a measure only.
template <int Width, int Codes, int Features>
EmaLosses<Features> ema_loss(const Autoencoder<Width, Features> &nets,
                             const Embedding<Codes, Features> &codebook, const auto &images) {
  let z = nets.encoder(images);                             // (B, Features, 8, 8)
  auto q = vq<1>(z, codebook.weight);                       // features on axis 1
  let reconstruction = mse(nets.decoder(q.output), images); // gradient straight through
  let loss = reconstruction + 0.25 * q.losses.commitment;
  return {
      {loss, reconstruction, q.losses.codebook, q.losses.commitment, perplexity<Codes>(q.codes)},
      z,
      q.codes};
}

} // namespace kerf::models::vqvae
