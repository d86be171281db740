// VQ-VAE: images as a grid of codes from a learned codebook   [van den Oord 2017]
#pragma once

#include "layers.h"

namespace kerf::models {

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

  /// The nearest code of each latent; the lowest index wins ties.
  auto encode(const auto &z) const {                    // (B, Features, 8, 8)
    let latents = rearrange<"b d h w -> (b h w) d">(z); // (N, Features), N = 64 B
    let e = codebook.weight;                            // (Codes, Features)
    let distance = sum<1>(square(e)) - einsum<"n d, k d -> n k">(2 * latents, e); // less |z|^2
    let codes = rearrange<"(b h w) -> b h w", size<"h">(8), size<"w">(8)>(argmin<1>(distance));
    return codes; // (B, 8, 8)
  }

  auto quantise(const auto &codes) const { // (B, 8, 8)
    let e = rearrange<"b h w d -> b d h w">(codebook(codes));
    return e; // (B, Features, 8, 8)
  }
};

// [example]
/// Reconstruction + codebook + 0.25 commitment   [van den Oord 2017, eq. 3]
template <int Width, int Codes, int Features>
VqLosses vqvae_loss(const VqVae<Width, Codes, Features> &model, const auto &images) {
  let z = model.encoder(images);                      // (B, Features, 8, 8)
  let codes = model.encode(z);                        // (B, 8, 8)
  let e = model.quantise(codes);                      // (B, Features, 8, 8)
  let output = model.decoder(straight_through(z, e)); // (B, 1, 32, 32)
  let reconstruction = mse(output, images);
  let codebook = mse(e, stop_gradient(z));
  let commitment = mse(z, stop_gradient(e));
  let loss = reconstruction + codebook + 0.25 * commitment;
  return {loss, reconstruction, codebook, commitment, perplexity<Codes>(codes)};
}
// [example]

/// The plain autoencoder around the codebook, with which training begins.
template <int Width, int Codes, int Features>
auto warmup_loss(const VqVae<Width, Codes, Features> &model, const auto &images) {
  let loss = mse(model.decoder(model.encoder(images)), images);
  return loss;
}

} // namespace kerf::models
