// Convolutional classifier of images   [LeCun 1998]
#pragma once

#include "models/layers.h"

namespace kerf::models::cnn {

/// 32 x 32 images as `Features` numbers, and from these the logits of the classes.
template <int Width, int Features, int Classes> struct Cnn : Module {
  Conv2d<1, Width, 4, 2, 1> conv1;
  Conv2d<Width, 2 * Width, 3, 1, 1> conv2;
  Conv2d<2 * Width, 2 * Width, 3, 1, 1> conv3;
  Linear<2 * Width * 16, Features> hidden;
  Linear<Features, Classes> out;

  auto features(const auto &images) const {               // (B, 1, 32, 32)
    let half = relu(conv1(images));                       // (B, Width, 16, 16)
    let quarter = max_pool<2>(relu(conv2(half)));         // (B, 2 Width, 8, 8)
    let eighth = max_pool<2>(relu(conv3(quarter)));       // (B, 2 Width, 4, 4)
    let flat = rearrange<"b c h w -> b (c h w)">(eighth); // (B, 32 Width)
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
  let logits = model.out(model.features(images)); // (B, Classes)
  let loss = cross_entropy(logits, labels);
  return {loss, mean(cast<f32>(argmax<1>(logits) == labels))};
}

} // namespace kerf::models::cnn
