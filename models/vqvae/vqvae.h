// VQ-VAE: images as a grid of codes from a learned codebook   [van den Oord 2017]
#pragma once

#include <kerf/kerf.h>
#include <kerf/nn.h>

namespace kerf::models::vqvae {
using nn::Conv2d, nn::ConvTranspose2d, nn::Embedding;

/// The batch; every entry binds it.
inline constexpr auto B = dim<"B">();

/// x + conv(relu(conv(relu(x)))), at half the width inside.   (B, Width, H, W) -> the same
template <int Width> struct ResidualBlock : Module {
  Conv2d<Width, Width / 2, 3, 1, 1> conv1;
  Conv2d<Width / 2, Width, 1> conv2;

  auto operator()(const auto &x) const {
    let h = conv1(relu(x));     // (B, Width/2, H, W)
    let y = x + conv2(relu(h)); // (B, Width, H, W)
    return y;
  }
};

template <int Width, int Features> struct Encoder : Module {
  Conv2d<1, Width / 2, 4, 2, 1> down1;
  Conv2d<Width / 2, Width, 4, 2, 1> down2;
  Conv2d<Width, Width, 3, 1, 1> conv;
  std::array<ResidualBlock<Width>, 2> res;
  Conv2d<Width, Features, 1> out;

  auto operator()(const auto &images) const { // (B, 1, 32, 32)
    let half = relu(down1(images));           // (B, Width/2, 16, 16)
    let quarter = relu(down2(half));          // (B, Width, 8, 8)
    let x = conv(quarter);
    for (const auto &block : res)
      x = block(x);
    let z = out(relu(x)); // (B, Features, 8, 8)
    return z;
  }
};

template <int Width, int Features> struct Decoder : Module {
  Conv2d<Features, Width, 3, 1, 1> conv;
  std::array<ResidualBlock<Width>, 2> res;
  ConvTranspose2d<Width, Width / 2, 4, 2, 1> up1;
  ConvTranspose2d<Width / 2, 1, 4, 2, 1> up2;

  auto operator()(const auto &z) const { // (B, Features, 8, 8)
    let x = conv(z);                     // (B, Width, 8, 8)
    for (const auto &block : res)
      x = block(x);
    let half = relu(up1(relu(x))); // (B, Width/2, 16, 16)
    let images = up2(half);        // (B, 1, 32, 32)
    return images;
  }
};

/// What a step reports; all means over elements, perplexity over the codes of the batch.
struct VqLosses {
  Tensor<f32> loss, reconstruction, codebook, commitment, perplexity;
};

template <int Width, int Codes = 512, int Features = 64> struct VqVae : Module {
  Encoder<Width, Features> encoder;
  Embedding<Codes, Features> codebook;
  Decoder<Width, Features> decoder;

  auto encode(const auto &images) const {                 // (B, 1, 32, 32)
    return vq<1>(encoder(images), codebook.weight).codes; // (B, 8, 8)
  }

  auto decode(const auto &codes) const { // (B, 8, 8)
    let images = decoder(kerf::decode<1>(codebook.weight, codes));
    return images; // (B, 1, 32, 32)
  }
};

// [example]
/// Reconstruction + codebook + 0.25 commitment   [van den Oord 2017, eq. 3]
template <int Width, int Codes, int Features>
VqLosses vqvae_loss(const VqVae<Width, Codes, Features> &model, const auto &images) {
  let z = model.encoder(images);                             // (B, Features, 8, 8)
  auto q = vq<1>(z, model.codebook.weight);                  // features on axis 1
  let reconstruction = mse(model.decoder(q.output), images); // gradient straight through
  let loss = reconstruction + q.losses.codebook + 0.25 * q.losses.commitment;
  return {loss, reconstruction, q.losses.codebook, q.losses.commitment, perplexity<Codes>(q.codes)};
}
// [example]

/// The plain autoencoder around the codebook, with which training begins.
auto warmup_loss(const auto &model, const auto &images) {
  let loss = mse(model.decoder(model.encoder(images)), images);
  return loss;
}

} // namespace kerf::models::vqvae
