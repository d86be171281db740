// VQ-VAE whose latents are sums of codes, one per level   [Zeghidour 2021; Lee 2022]
#pragma once

#include "models/vqvae/vqvae.h"

namespace kerf::models::vqvae {

template <int Width, int Levels, int Codes, int Features> struct ResidualVqVae : Module {
  Encoder<Width, Features> encoder;
  std::array<Param<f32, Codes, Features>, Levels> codebooks;
  Decoder<Width, Features> decoder;

  auto encode(const auto &images) const {                    // (B, 1, 32, 32)
    return residual_vq<1>(encoder(images), codebooks).codes; // (B, 8, 8, Levels)
  }

  auto decode(const auto &codes) const { // (B, 8, 8, Levels)
    let images = decoder(residual_decode<1>(codebooks, codes));
    return images; // (B, 1, 32, 32)
  }
};

/// Codes numbered through all levels.   (…, Levels) -> the same
template <int Levels, int Codes> auto numbered(const auto &codes) {
  return codes + Codes * arange<Levels>();
}

/// Reconstruction + codebook + 0.25 commitment, the latter two sums over the levels; perplexity of
/// the codes of all levels.
template <int Width, int Levels, int Codes, int Features>
VqLosses residual_loss(const ResidualVqVae<Width, Levels, Codes, Features> &model,
                       const auto &images) {
  let z = model.encoder(images);                             // (B, Features, 8, 8)
  auto q = residual_vq<1>(z, model.codebooks);               // features on axis 1
  let reconstruction = mse(model.decoder(q.output), images); // gradient straight through
  let loss = reconstruction + q.losses.codebook + 0.25 * q.losses.commitment;
  return {loss, reconstruction, q.losses.codebook, q.losses.commitment,
          perplexity<Levels * Codes>(numbered<Levels, Codes>(q.codes))};
}

} // namespace kerf::models::vqvae
