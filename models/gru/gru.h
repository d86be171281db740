// A language model of characters: embedding, GRU, logits of the next one   [Cho 2014; Graves 2013]
#pragma once

#include <kerf/kerf.h>
#include <kerf/nn.h>

namespace kerf::models::gru {

/// The batch; every entry binds it.
inline constexpr auto B = dim<"B">();

template <int Tokens, int Width, int Hidden> struct Gru : Module {
  nn::Embedding<Tokens, Width> token;
  nn::GRU<Width, Hidden> gru;
  nn::Linear<Hidden, Tokens> out;

  /// What follows each token, as logits.   tokens : i64 (B, T) -> (B, T, Tokens)
  auto operator()(const auto &tokens) const { return out(gru(token(tokens)).outputs); }
};

/// Nats per token: how badly each of `next` is foreseen.
auto loss(const auto &model, const auto &tokens, const auto &next) {
  let logits = rearrange<"b t n -> (b t) n">(model(tokens));
  return cross_entropy(logits, rearrange<"b t -> (b t)">(next));
}

} // namespace kerf::models::gru
