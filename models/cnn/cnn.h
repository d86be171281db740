// Convolutional classifier of images   [LeCun 1998; Ioffe 2015]
#pragma once

#include <kerf/kerf.h>
#include <kerf/nn.h>

namespace kerf::models::cnn {

/// The batch; every entry binds it.
inline constexpr auto B = dim<"B">();

/// 32 x 32 images as `Features` numbers, and from these the logits of the classes.
template <int Width, int Features, int Classes> struct Cnn : Module {
  /// Without bias: a normalisation follows, which has one.
  template <int In, int Out, int Kernel, int Stride>
  using Conv = nn::Conv2d<In, Out, Kernel, Stride, 1, 1, 1, false>;
  Conv<1, Width, 4, 2> conv1;
  nn::BatchNorm2d<Width> norm1;
  Conv<Width, 2 * Width, 3, 1> conv2;
  nn::BatchNorm2d<2 * Width> norm2;
  Conv<2 * Width, 2 * Width, 3, 1> conv3;
  nn::BatchNorm2d<2 * Width> norm3;
  nn::Linear<2 * Width * 16, Features> hidden;
  nn::Linear<Features, Classes> out;

  auto features(const auto &images, Mode mode) const {           // (B, 1, 32, 32)
    let half = relu(norm1(conv1(images), mode));                 // (B, Width, 16, 16)
    let quarter = max_pool<2>(relu(norm2(conv2(half), mode)));   // (B, 2 Width, 8, 8)
    let eighth = max_pool<2>(relu(norm3(conv3(quarter), mode))); // (B, 2 Width, 4, 4)
    let flat = rearrange<"b c h w -> b (c h w)">(eighth);        // (B, 32 Width)
    let y = relu(hidden(flat));
    return y; // (B, Features)
  }
};

/// What a step reports: means over the batch.
struct CnnLosses {
  Tensor<f32> loss, accuracy;
};

template <int Width, int Features, int Classes>
CnnLosses cnn_loss(const Cnn<Width, Features, Classes> &model, const auto &images,
                   const auto &labels) {
  let logits = model.out(model.features(images, Mode::training)); // (B, Classes)
  let loss = cross_entropy(logits, labels);
  return {loss, mean(cast<f32>(argmax<1>(logits) == labels))};
}

} // namespace kerf::models::cnn
