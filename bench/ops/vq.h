// What ./dev bench vq times: the nearest code of each row, and a training step around it, as a user
// writes them.
#pragma once

#include "numbered.h"

namespace kerf::bench {

/// What the training step differentiates in: the encoder's output.
template <int N, int D> struct Latents {
  Tensor<f32, N, D> z;
};

/// A codebook and the moving averages that it follows   [van den Oord 2017, app. A.1]
template <int K, int D> struct Codebook {
  Tensor<f32, K, D> embed, total; // total: sum of the rows of each code
  Tensor<f32, K> count;           // how many they are
};

/// The nearest code of each row; the lowest index wins ties.   z : (N, D), e : (K, D) -> (N)
auto nearest(const auto &z, const auto &e) {
  let distance = sum<1>(square(e)) - einsum<"n d, k d -> n k">(2 * z, e); // less |z|^2
  let codes = argmin<1>(distance);
  return codes;
}

template <int N, int K, int D>
Tensor<i64, N> forward(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &codebook) {
  return nearest(z, codebook);
}

template <int N> struct Quantised {
  Tensor<f32> loss;
  Tensor<i64, N> codes;
};
template <int N, int D> struct Step {
  Tensor<f32> loss;
  Tensor<i64, N> codes;
  Tensor<f32, N, D> gradient; // of the loss in z
};

/// Straight-through gradient of a decoder whose cotangent is `cotangent`, a commitment loss of
/// weight 1/4, and the codebook moved by a hundredth toward the means of its rows.
template <int N, int K, int D>
Step<N, D> train(Codebook<K, D> &codebook, const Tensor<f32, N, D> &z,
                 const Tensor<f32, N, D> &cotangent) {
  auto loss = [&](const Latents<N, D> &latents) {
    let codes = nearest(latents.z, codebook.embed);
    let e = gather(codebook.embed, codes);
    let output = sum(straight_through(latents.z, e) * cotangent);
    let commitment = mse(latents.z, stop_gradient(e));
    let loss = output + 0.25 * commitment;
    return Quantised<N>{loss, codes};
  };
  auto [value, gradients] = value_and_grad(loss)(Latents<N, D>{z});
  let codes = value.codes;

  let count = scatter_add<K>(full_like<f32>(codes, 1), codes);
  let total = scatter_add<K>(z, codes);
  codebook.count = 0.99 * codebook.count + 0.01 * count;
  codebook.total = 0.99 * codebook.total + 0.01 * total;
  let rows = sum(codebook.count);
  let smoothed = (codebook.count + 1e-5) / (rows + 1e-5 * K) * rows; // no code has none
  codebook.embed = codebook.total / rearrange<"k -> k 1">(smoothed);
  return {value.loss, codes, gradients.z};
}

template <int N, int K, int D> auto forward_entry() {
  return entry<numbered<"forward", N, K, D>>(forward<N, K, D>, roles("z", "codebook"), {},
                                             returns("codes"));
}
/// A role is one block in the whole model, so each shape has its own.
template <int N, int K, int D> auto train_entry() {
  return entry<numbered<"train", N, K, D>>(
      train<N, K, D>, roles(numbered<"state", N, K, D>.characters, "z", "cotangent"));
}

} // namespace kerf::bench
