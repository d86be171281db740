// Convolutional autoencoder: images through a small vector and back   [Hinton 2006]
#pragma once

#include <kerf/kerf.h>
#include <kerf/nn.h>

namespace kerf::models::autoencoder {
using nn::Conv2d, nn::ConvTranspose2d, nn::Linear;

/// The batch; every entry binds it.
inline constexpr auto B = dim<"B">();

/// 32 x 32 images as vectors of Latent numbers.
template <int Width, int Latent> struct Autoencoder : Module {
  Conv2d<1, Width, 4, 2, 1> down1;
  Conv2d<Width, 2 * Width, 4, 2, 1> down2;
  Linear<2 * Width * 64, Latent> code;
  Linear<Latent, 2 * Width * 64> spread;
  ConvTranspose2d<2 * Width, Width, 4, 2, 1> up1;
  ConvTranspose2d<Width, 1, 4, 2, 1> up2;

  auto encode(const auto &images) const { // (B, 1, 32, 32)
    let half = relu(down1(images));       // (B, Width, 16, 16)
    let quarter = relu(down2(half));      // (B, 2 Width, 8, 8)
    let z = code(rearrange<"b c h w -> b (c h w)">(quarter));
    return z; // (B, Latent)
  }

  auto decode(const auto &z) const { // (B, Latent)
    let flat = relu(spread(z));      // (B, 128 Width)
    let quarter = rearrange<"b (c h w) -> b c h w", size<"h">(8), size<"w">(8)>(flat);
    let half = relu(up1(quarter)); // (B, Width, 16, 16)
    let images = up2(half);
    return images; // (B, 1, 32, 32)
  }
};

template <int Width, int Latent>
auto autoencoder_loss(const Autoencoder<Width, Latent> &model, const auto &images) {
  let loss = mse(model.decode(model.encode(images)), images);
  return loss;
}

} // namespace kerf::models::autoencoder
