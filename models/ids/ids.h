// Ids: users and items as short tuples of codes, learned from who chose what
//   [Rajput 2023; van den Oord 2017]
#pragma once

#include <kerf/kerf.h>
#include <kerf/nn.h>

namespace kerf::models::ids {
using nn::Embedding, nn::Linear;

/// The batch; every entry binds it.
inline constexpr auto B = dim<"B">();

/// An embedding per user and per item; how well they fit is the scalar product.   [Koren 2009]
template <int Users, int Items, int Size> struct Tables : Module {
  Param<f32, Users, Size> users = init::normal(0.1);
  Param<f32, Items, Size> items = init::normal(0.1);
};

/// -log of the chosen item's softmax among itself and others drawn at random, which are the same
/// for the whole batch; a small pull to the origin.   [Wu 2024]
template <int Users, int Items, int Size>
auto choice_loss(const Tables<Users, Items, Size> &tables, const auto &users, const auto &items,
                 const auto &others) {  // (B), (B), (N)
  let u = gather(tables.users, users);  // (B, Size)
  let v = gather(tables.items, items);  // (B, Size)
  let w = gather(tables.items, others); // (N, Size)
  let chosen = rearrange<"b -> b 1">(items);
  let rivals = select(rearrange<"n -> 1 n">(others) == chosen, -1e9,
                      einsum<"b d, n d -> b n">(u, w)); // (B, N); none is the chosen one
  let scores = concat<1>(rearrange<"b -> b 1">(sum<1>(u * v)), rivals); // (B, 1 + N)
  let choice = -mean(take<1, 0, 1>(log_softmax<1>(scores)));
  let loss = choice + 0.01 * mean(sum<1>(square(u) + square(v)));
  return loss;
}

/// relu between two linear layers.   (B, In) -> (B, Out)
template <int In, int Hidden, int Out> struct Mlp : Module {
  Linear<In, Hidden> hidden;
  Linear<Hidden, Out> out;

  auto operator()(const auto &x) const {
    let h = relu(hidden(x)); // (B, Hidden)
    let y = out(h);
    return y;
  }
};

/// Columns of equal height side by side.   (N) each -> (N, how many)
auto columns(const auto &first, const auto &...rest) {
  if constexpr (sizeof...(rest) == 0)
    return rearrange<"n -> n 1">(first);
  else
    return concat<1>(rearrange<"n -> n 1">(first), columns(rest...));
}

/// What a step reports; all sums over users and items, perplexity the mean over their codebooks.
struct IdLosses {
  Tensor<f32> loss, reconstruction, codebook, commitment, perplexity;
};

/// The VQ-VAE of one kind of entity: an embedding as the sum of a code per level, each the nearest
/// to what the levels before it left.   [Zeghidour 2021]
template <int Size, int Levels, int Codes, int Features> struct IdVqVae : Module {
  Mlp<Size, 2 * Size, Features> encoder;
  std::array<Embedding<Codes, Features>, Levels> levels;
  Mlp<Features, 2 * Size, Size> decoder;

  /// What the first `count` levels leave of z.
  auto rest(int count, const auto &z) const { // (B, Features)
    let rest = z;
    for (int level = 0; level < count; ++level)
      rest = rest - vq(rest, levels[level].weight).quantized;
    return rest;
  }

  /// The id.
  auto encode(const auto &z) const { // (B, Features) -> (B, Levels)
    let rest = z;
    std::array<Tensor<i64, B>, Levels> codes;
    for (int level = 0; level < Levels; ++level) {
      auto q = vq(rest, levels[level].weight);
      codes[level] = q.codes;
      rest = rest - q.quantized;
    }
    let id = std::apply([](const auto &...code) { return columns(code...); }, codes);
    return id;
  }

  /// An embedding as its id tells it.
  auto through_id(const auto &x) const { // (N, Size) -> (N, Size)
    let z = encoder(x);
    let y = decoder(z - rest(Levels, z));
    return y;
  }

  /// Relative reconstruction + codebook + 0.25 commitment, the latter of all levels.
  IdLosses loss(const auto &x) const { // (B, Size)
    let z = encoder(x);                // (B, Features)
    let rest = z;
    let codebook = 0 * mean(z);
    let commitment = codebook;
    let usage = codebook;
    for (int level = 0; level < Levels; ++level) {
      auto q = vq(rest, levels[level].weight); // codes (B), quantized (B, Features)
      codebook = codebook + q.losses.codebook;
      commitment = commitment + q.losses.commitment;
      usage = usage + perplexity<Codes>(q.codes);
      rest = rest - stop_gradient(q.quantized);
    }
    let output = decoder(straight_through(z, stop_gradient(z - rest))); // (B, Size)
    let reconstruction = mse(output, x) / mean(square(x));
    let loss = reconstruction + codebook + 0.25 * commitment;
    return {loss, reconstruction, codebook, commitment, usage / Levels};
  }

  /// The plain autoencoder around the codebooks, with which training begins.
  auto warmup_loss(const auto &x) const { // (B, Size)
    let loss = mse(decoder(encoder(x)), x) / mean(square(x));
    return loss;
  }
};

} // namespace kerf::models::ids
