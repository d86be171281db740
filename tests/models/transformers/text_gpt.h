// A GPT of characters.   [Radford 2019]
#pragma once

#include "tests/models/transformers/transformer.h"

namespace transformers {

template <int Width, int Depth, int Length> struct TextGpt : Module {
  static constexpr int tokens = 96;
  nn::Embedding<tokens, Width> token;
  nn::LearnedPositions<Length, Width> position;
  Layers<Width, Depth> encoder = without_dropout<Layers<Width, Depth>>();
  nn::Linear<Width, tokens> out;

  /// What follows each token, as logits.   tokens : i64 (B, T) -> (B, T, tokens)
  auto operator()(const auto &tokens) const {
    let x = position(token(tokens)); // (B, T, Width)
    return out(encoder(x, option<"mask"> = nn::causal_mask<Length>()));
  }
  /// Nats per token.
  auto loss(const auto &tokens, const auto &next) const {
    return cross_entropy<-1>((*this)(tokens), next);
  }
};

template <int Width, int Depth, int Length>
using TextTraining =
    Training<TextGpt<Width, Depth, Length>, Tensor<i64, B, Length>, Tensor<i64, B, Length>>;

} // namespace transformers
