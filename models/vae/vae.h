// Variational autoencoder: images as a normal distribution of codes   [Kingma 2013]
#pragma once

#include <kerf/kerf.h>
#include <kerf/nn.h>

namespace kerf::models::vae {
using nn::Conv2d, nn::ConvTranspose2d, nn::Linear;

/// The batch; every entry binds it.
inline constexpr auto B = dim<"B">();

/// A diagonal normal distribution per image.
template <int Latent> struct Posterior {
  Tensor<f32, B, Latent> mean, log_variance;
};

template <int Width, int Latent> struct VaeEncoder : Module {
  Conv2d<1, Width, 4, 2, 1> down1;
  Conv2d<Width, 2 * Width, 4, 2, 1> down2;
  Linear<2 * Width * 64, Latent> mean;
  Linear<2 * Width * 64, Latent> log_variance;

  Posterior<Latent> operator()(const auto &images) const { // (B, 1, 32, 32)
    let half = relu(down1(images));                        // (B, Width, 16, 16)
    let quarter = relu(down2(half));                       // (B, 2 Width, 8, 8)
    let flat = rearrange<"b c h w -> b (c h w)">(quarter); // (B, 128 Width)
    return {mean(flat), log_variance(flat)};               // (B, Latent) each
  }
};

template <int Width, int Latent> struct VaeDecoder : Module {
  Linear<Latent, 2 * Width * 64> spread;
  ConvTranspose2d<2 * Width, Width, 4, 2, 1> up1;
  ConvTranspose2d<Width, 1, 4, 2, 1> up2;

  auto operator()(const auto &z) const { // (B, Latent)
    let flat = relu(spread(z));          // (B, 128 Width)
    let quarter = rearrange<"b (c h w) -> b c h w", size<"h">(8), size<"w">(8)>(flat);
    let half = relu(up1(quarter)); // (B, Width, 16, 16)
    let images = up2(half);
    return images; // (B, 1, 32, 32)
  }
};

template <int Width, int Latent> struct Vae : Module {
  VaeEncoder<Width, Latent> encoder;
  VaeDecoder<Width, Latent> decoder;
};

/// KL(posterior || N(0, 1)) of each unit of each image, twice.
auto twice_divergence(const auto &mean, const auto &log_variance) {
  return square(mean) + exp(log_variance) - log_variance - 1;
}

/// What a step reports: means over the images of the batch.
struct VaeLosses {
  Tensor<f32> loss, reconstruction, divergence;
};

/// The negative evidence lower bound of an image, in nats up to a constant, under normal pixels of
/// variance 1/2: squared error + KL(posterior || N(0, 1))   [Kingma 2013, eq. 10 and appendix B]
template <int Width, int Latent>
VaeLosses vae_loss(const Vae<Width, Latent> &model, const auto &images, const Key &key) {
  const auto [mean, log_variance] = model.encoder(images); // (B, Latent) each
  let noise = normal_like(key, mean);
  let z = mean + exp(0.5 * log_variance) * noise; // reparametrised: gradients reach mean, variance
  let output = model.decoder(z);                  // (B, 1, 32, 32)
  let reconstruction = kerf::mean(sum<1, 2, 3>(square(output - images)));
  let divergence = kerf::mean(0.5 * sum<1>(twice_divergence(mean, log_variance)));
  let loss = reconstruction + divergence;
  return {loss, reconstruction, divergence};
}

} // namespace kerf::models::vae
