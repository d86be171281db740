// GAN: a generator that learns to pass its images off as real ones, against a discriminator that
// learns to tell them apart   [Goodfellow 2014; Radford 2016]
#pragma once

#include <kerf/kerf.h>
#include <kerf/nn.h>

namespace kerf::models::gan {
using nn::BatchNorm2d, nn::Conv2d, nn::ConvTranspose2d, nn::Linear;

/// The batch; every entry binds it.
inline constexpr auto B = dim<"B">();

constexpr double slope = 0.2; // of leaky_relu below 0

/// Without bias, which a norm behind it would take away.
template <int In, int Out> using Down = Conv2d<In, Out, 4, 2, 1, 1, 1, false>;
template <int In, int Out> using Up = ConvTranspose2d<In, Out, 4, 2, 1, 0, 1, false>;

/// Noise to an image.   (B, Latent) -> (B, 1, 32, 32), in (-1, 1)
template <int Width, int Latent> struct Generator : Module {
  Linear<Latent, 4 * Width * 16, false> spread;
  BatchNorm2d<4 * Width> norm;
  Up<4 * Width, 2 * Width> up1;
  BatchNorm2d<2 * Width> norm1;
  Up<2 * Width, Width> up2;
  BatchNorm2d<Width> norm2;
  ConvTranspose2d<Width, 1, 4, 2, 1> up3;

  auto operator()(const auto &z, Mode mode) const {
    let flat = spread(z); // (B, 64 Width)
    let square = rearrange<"b (c h w) -> b c h w", size<"h">(4), size<"w">(4)>(flat);
    let small = relu(norm(square, mode));        // (B, 4 Width, 4, 4)
    let quarter = relu(norm1(up1(small), mode)); // (B, 2 Width, 8, 8)
    let half = relu(norm2(up2(quarter), mode));  // (B, Width, 16, 16)
    let images = tanh(up3(half));
    return images;
  }
};

/// The logit of an image being real.   (B, 1, 32, 32) -> (B, 1)
template <int Width> struct Discriminator : Module {
  Conv2d<1, Width, 4, 2, 1> down1;
  Down<Width, 2 * Width> down2;
  BatchNorm2d<2 * Width> norm2;
  Down<2 * Width, 4 * Width> down3;
  BatchNorm2d<4 * Width> norm3;
  Linear<4 * Width * 16, 1> out;

  auto operator()(const auto &images, Mode mode) const {
    let half = leaky_relu(down1(images), slope);                // (B, Width, 16, 16)
    let quarter = leaky_relu(norm2(down2(half), mode), slope);  // (B, 2 Width, 8, 8)
    let small = leaky_relu(norm3(down3(quarter), mode), slope); // (B, 4 Width, 4, 4)
    let y = out(rearrange<"b c h w -> b (c h w)">(small));
    return y;
  }
};

/// What a turn of the discriminator reports: how surely it knows real images from others, the
/// means of sigmoid of its logits.
struct Judgement {
  Tensor<f32> loss, real, fake;
};

/// -log D(real) - log(1 - D(fake)), means over images; each kind a batch of its own to the norms.
template <int Width>
Judgement discriminator_loss(const Discriminator<Width> &discriminator, const auto &real,
                             const auto &fake) {
  let of_real = discriminator(real, Mode::training);
  let of_fake = discriminator(fake, Mode::training);
  let loss = mean(softplus(-of_real)) + mean(softplus(of_fake));
  return {loss, mean(sigmoid(of_real)), mean(sigmoid(of_fake))};
}

/// -log D(fake), which unlike log(1 - D(fake)) has a slope also where the discriminator is sure.
/// [Goodfellow 2014, sec. 3]
template <int Width, int Latent>
auto generator_loss(const Generator<Width, Latent> &generator,
                    const Discriminator<Width> &discriminator, const auto &z) {
  let loss = mean(softplus(-discriminator(generator(z, Mode::training), Mode::training)));
  return loss;
}

} // namespace kerf::models::gan
