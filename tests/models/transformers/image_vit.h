// A ViT: patches of two pixels by two, and a token whose last state tells the class.
// [Dosovitskiy 2021]
#pragma once

#include "tests/models/transformers/transformer.h"

namespace transformers {

template <int Width, int Depth, int Size> struct ImageVit : Module {
  static constexpr int patches = Size / 2 * (Size / 2), classes = 10;
  nn::Conv2d<1, Width, 2, 2> patch;
  nn::Embedding<1, Width> cls;
  nn::LearnedPositions<patches + 1, Width> position;
  Layers<Width, Depth> encoder = without_dropout<Layers<Width, Depth>>();
  nn::Linear<Width, classes> out;

  /// Logits of the classes.   images : (B, 1, Size, Size) -> (B, classes)
  auto operator()(const auto &images) const {
    let seen = rearrange<"b c h w -> b (h w) c">(patch(images));                  // (B, 196, Width)
    let first = broadcast_to<B, 1, Width>(rearrange<"n c -> 1 n c">(cls.weight)); // (B, 1, Width)
    let x = encoder(position(concat<1>(first, seen)));
    return out(rearrange<"b 1 c -> b c">(take<1, 0, 1>(x)));
  }
  auto loss(const auto &images, const auto &labels) const {
    return cross_entropy((*this)(images), labels);
  }
};

template <int Width, int Depth, int Size>
using ImageTraining =
    Training<ImageVit<Width, Depth, Size>, Tensor<f32, B, 1, Size, Size>, Tensor<i64, B>>;

} // namespace transformers
