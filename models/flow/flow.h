// Flow: an image and a point of a normal distribution as one, there and back   [Dinh 2017; Kingma
// 2018]
#pragma once

#include <kerf/kerf.h>
#include <kerf/nn.h>

#include <numbers>

namespace kerf::models::flow {
using nn::Conv2d;

/// The batch; every entry binds it.
inline constexpr auto B = dim<"B">();

/// A shift and a scale per channel, which begin so that their first batch has mean 0 and deviation
/// 1.   (B, Channels, H, W) -> the same   [Kingma 2018, sec. 3.1]
template <int Channels> struct ActNorm : Module {
  Param<f32, Channels> shift = init::zeros(), log_scale = init::zeros();

  auto operator()(const auto &x) const {
    let y = (x + rearrange<"c -> c 1 1">(shift)) * exp(rearrange<"c -> c 1 1">(log_scale));
    return y;
  }
  auto inverse(const auto &y) const {
    let x = y * exp(-rearrange<"c -> c 1 1">(log_scale)) - rearrange<"c -> c 1 1">(shift);
    return x;
  }
  /// As the batch at hand wants it.
  void fit(const auto &x) {
    let mean = kerf::mean<0, 2, 3>(x);
    shift = -mean;
    log_scale = -0.5 * log(kerf::mean<0, 2, 3>(square(x - rearrange<"c -> c 1 1">(mean))) + 1e-6);
  }
};

/// What a half of the channels tells of how to scale and shift the other one: (B, Half, H, W) ->
/// (B, 2 Half, H, W), first the logarithms of scales.
template <int Half, int Width> struct Conditioner : Module {
  Conv2d<Half, Width, 3, 1, 1> conv1;
  Conv2d<Width, Width, 1> conv2;
  Conv2d<Width, 2 * Half, 3, 1, 1> out; // begins at 0, so that a step begins as the identity

  auto operator()(const auto &x) const {
    let h = relu(conv2(relu(conv1(x)))); // (B, Width, H, W)
    let y = out(h);
    return y;
  }
};

/// Norm, affine coupling of the second half of the channels to the first, and a permutation: the
/// halves come out exchanged and then interleaved, so that in four steps each of four channels has
/// been on both sides.   (B, Channels, Size, Size) -> the same
template <int Channels, int Size, int Width> struct Step : Module {
  static constexpr int half = Channels / 2;
  ActNorm<Channels> norm;
  Conditioner<half, Width> conditioner;

  /// Adds the logarithm of the step's determinant to `log_det` (B).
  auto operator()(const auto &x, Tensor<f32, B> &log_det) const {
    let y = norm(x);
    let kept = take<1, 0, half>(y);
    let h = conditioner(kept);
    let log_scale = tanh(take<1, 0, half>(h));
    let moved = take<1, half, Channels>(y) * exp(log_scale) + take<1, half, Channels>(h);
    log_det = log_det + sum<1, 2, 3>(log_scale) + Size * Size * sum(norm.log_scale);
    let pairs = concat<2>(rearrange<"b c h w -> b c 1 h w">(moved),
                          rearrange<"b c h w -> b c 1 h w">(kept));
    let z = rearrange<"b c two h w -> b (c two) h w">(pairs);
    return z;
  }
  auto inverse(const auto &z) const {
    let pairs = rearrange<"b (c two=2) h w -> b two c h w">(z);
    let kept = rearrange<"b 1 c h w -> b c h w">(take<1, 1, 2>(pairs));
    let h = conditioner(kept);
    let moved = rearrange<"b 1 c h w -> b c h w">(take<1, 0, 1>(pairs));
    let free = (moved - take<1, half, Channels>(h)) * exp(-tanh(take<1, 0, half>(h)));
    let x = norm.inverse(concat<1>(kept, free));
    return x;
  }
};

/// Squares of four pixels as four channels, the diagonal first: the two halves of the channels are
/// the two colours of a checkerboard.   (B, C, 2 H, 2 W) -> (B, 4 C, H, W)
template <int C> auto squeeze(const auto &x) {
  let y = rearrange<"b c (h p=2) (w q=2) -> b (p q c) h w">(x);
  let diagonal = concat<1>(take<1, 0, C>(y), take<1, 3 * C, 4 * C>(y));
  let z = concat<1>(diagonal, take<1, C, 3 * C>(y));
  return z;
}
template <int C> auto unsqueeze(const auto &z) {
  let rest = concat<1>(take<1, 2 * C, 4 * C>(z), take<1, C, 2 * C>(z));
  let y = concat<1>(take<1, 0, C>(z), rest);
  let x = rearrange<"b (p q c) h w -> b c (h p) (w q)", size<"p">(2), size<"q">(2)>(y);
  return x;
}

/// Two scales of steps.   (B, 1, Size, Size) <-> (B, 16, Size/4, Size/4)
template <int Size, int Width, int Depth> struct Flow : Module {
  std::array<Step<4, Size / 2, Width>, Depth> fine;
  std::array<Step<16, Size / 4, Width>, Depth> coarse;

  /// The latent of x; adds the logarithm of the determinant of dz/dx to `log_det` (B).
  auto operator()(const auto &x, Tensor<f32, B> &log_det) const {
    let y = squeeze<1>(x); // (B, 4, Size/2, Size/2)
    for (const auto &step : fine)
      y = step(y, log_det);
    let z = squeeze<4>(y); // (B, 16, Size/4, Size/4)
    for (const auto &step : coarse)
      z = step(z, log_det);
    return z;
  }
  /// The norms as the batch at hand wants them, one after another.
  void fit(const auto &x) {
    Tensor<f32, B> log_det = zeros<Tensor<f32, B>>();
    let y = squeeze<1>(x);
    for (auto &step : fine) {
      step.norm.fit(y);
      y = step(y, log_det);
    }
    let z = squeeze<4>(y);
    for (auto &step : coarse) {
      step.norm.fit(z);
      z = step(z, log_det);
    }
  }
  auto inverse(const auto &latent) const {
    let z = latent;
    for (int i = Depth; i-- > 0;)
      z = coarse[i].inverse(z);
    let y = unsqueeze<4>(z);
    for (int i = Depth; i-- > 0;)
      y = fine[i].inverse(y);
    let x = unsqueeze<1>(y);
    return x;
  }
};

/// Bytes of images as numbers without bounds: spread over their interval by `noise` in [0, 1), and
/// through the logit of alpha + (1 - 2 alpha) x   [Dinh 2017, sec. 4.1]
constexpr double alpha = 1.0 / 16;
auto logit_of(const auto &images, const auto &noise) { // pixels in [0, 1]: bytes / 255
  let share = alpha + (1 - 2 * alpha) / 256 * (255 * images + noise);
  let x = log(share) - log(1 - share);
  return x;
}
/// Pixels in [0, 1]; the half of a byte that noise adds on average is taken off.
auto pixels_of(const auto &x) {
  let share = (sigmoid(x) - alpha) / (1 - 2 * alpha);
  let pixels = minimum(maximum((256 * share - 0.5) / 255, 0), 1);
  return pixels;
}

/// -log2 of the density of each image's bytes, per pixel.   x, of `logit_of` : (B, 1, Size, Size)
/// -> (B). Its mean is no less than that of the best code for the bytes.   [Theis 2016, eq. 3]
template <int Size, int Width, int Depth>
auto bits_per_dimension(const Flow<Size, Width, Depth> &model, const auto &x) {
  constexpr int pixels = Size * Size;
  // dx/dbyte = (1 - 2 alpha) / 256 / (share (1 - share)), and share = sigmoid(x).
  constexpr double log_spread = -5.678708837104085; // log((1 - 2 alpha) / 256)
  constexpr double log_normal = 0.9189385332046727; // log(2 pi) / 2
  Tensor<f32, B> log_det = sum<1, 2, 3>(softplus(x) + softplus(-x));
  let z = model(x, log_det);
  let nats = 0.5 * sum<1, 2, 3>(square(z)) - log_det + pixels * (log_normal - log_spread);
  let bits = nats / (pixels * std::numbers::ln2);
  return bits;
}

} // namespace kerf::models::flow
