// WGAN: a critic that measures how far apart two sets of images are, a generator that follows its
// slope   [Arjovsky 2017; Gulrajani 2017]
#pragma once

#include <kerf/kerf.h>
#include <kerf/nn.h>

namespace kerf::models::wgan {
using nn::Conv2d, nn::ConvTranspose2d, nn::Linear;

/// The batch; every entry binds it.
inline constexpr auto B = dim<"B">();

constexpr double slope = 0.2; // of leaky_relu below 0

/// Noise to an image.   (B, Latent) -> (B, 1, 32, 32), in (-1, 1)
template <int Width, int Latent> struct Generator : Module {
  Linear<Latent, 4 * Width * 16> spread;
  ConvTranspose2d<4 * Width, 2 * Width, 4, 2, 1> up1;
  ConvTranspose2d<2 * Width, Width, 4, 2, 1> up2;
  ConvTranspose2d<Width, 1, 4, 2, 1> up3;

  auto operator()(const auto &z) const {
    let flat = relu(spread(z)); // (B, 64 Width)
    let small = rearrange<"b (c h w) -> b c h w", size<"h">(4), size<"w">(4)>(flat);
    let quarter = relu(up1(small)); // (B, 2 Width, 8, 8)
    let half = relu(up2(quarter));  // (B, Width, 16, 16)
    let images = tanh(up3(half));
    return images;
  }
};

/// A number per image: higher for real ones.   (B, 1, 32, 32) -> (B, 1). Without norms, which would
/// tie the images of a batch together: the penalty is on each image's own slope.
template <int Width> struct Critic : Module {
  Conv2d<1, Width, 4, 2, 1> down1;
  Conv2d<Width, 2 * Width, 4, 2, 1> down2;
  Conv2d<2 * Width, 4 * Width, 4, 2, 1> down3;
  Linear<4 * Width * 16, 1> out;

  auto operator()(const auto &images) const {
    let half = leaky_relu(down1(images), slope);   // (B, Width, 16, 16)
    let quarter = leaky_relu(down2(half), slope);  // (B, 2 Width, 8, 8)
    let small = leaky_relu(down3(quarter), slope); // (B, 4 Width, 4, 4)
    let y = out(rearrange<"b c h w -> b (c h w)">(small));
    return y;
  }
};

/// What a critic step reports: the distance is what it tells the images apart by.
struct CriticLosses {
  Tensor<f32> loss, distance, penalty;
};

/// The negative distance of the images' means.   [Arjovsky 2017, alg. 1]
template <int Width>
auto critic_loss(const Critic<Width> &critic, const auto &real, const auto &fake) {
  let of_fake = mean(critic(fake));
  let loss = of_fake - mean(critic(real));
  return loss;
}

/// (|slope| - 1)^2 of the critic at points between real and fake, `share` (B) of the way from the
/// fake one.   [Gulrajani 2017, eq. 3]
template <int Width>
auto slope_penalty(const Critic<Width> &critic, const auto &real, const auto &fake,
                   const auto &share) {
  let between = fake + rearrange<"b -> b 1 1 1">(share) * (real - fake);
  auto score = [](const auto &x, const Critic<Width> &critic) -> Tensor<f32> {
    return sum(critic(x));
  };
  let slope = value_and_grad(score)(between, critic).gradients;
  let length = sqrt(sum<1, 2, 3>(square(slope)) + 1e-12); // (B)
  let penalty = mean(square(length - 1));
  return penalty;
}

template <int Width>
CriticLosses penalized_loss(const Critic<Width> &critic, const auto &real, const auto &fake,
                            const auto &share) {
  let negative = critic_loss(critic, real, fake);
  let penalty = slope_penalty(critic, real, fake, share);
  let loss = negative + 10 * penalty;
  return {loss, -negative, penalty};
}

template <int Width, int Latent>
auto generator_loss(const Generator<Width, Latent> &generator, const Critic<Width> &critic,
                    const auto &z) {
  let loss = -mean(critic(generator(z)));
  return loss;
}

} // namespace kerf::models::wgan
