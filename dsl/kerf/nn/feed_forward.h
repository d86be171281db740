// Feed-forward layers: two linear ones with an activation between, or a gate.
#pragma once

#include "kerf/nn/activation.h"
#include "kerf/nn/linear.h"

namespace kerf::nn {

/// fc2(activation(fc1(x))).   x : (…, In) -> (…, Out)
template <int In, int Hidden, int Out = In, auto activation = Activation::gelu>
struct MLP : Module {
  Linear<In, Hidden> fc1;
  Linear<Hidden, Out> fc2;

  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    const auto &given = detail::features<"MLP", In>(x);
    let h(detail::activated<activation>(fc1(given, line)), line); // (…, Hidden)
    return fc2(h, line);
  }
};

/// w2(activation(w1(x)) * w3(x)), without bias.   x : (…, In) -> (…, Out)   [Shazeer 2020]
template <int In, int Hidden, int Out = In, auto activation = Activation::silu, bool Bias = false>
struct GatedMLP : Module {
  Linear<In, Hidden, Bias> w1;
  Linear<Hidden, Out, Bias> w2;
  Linear<In, Hidden, Bias> w3;

  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    const auto &given = detail::features<"GatedMLP", In>(x);
    let gate(detail::activated<activation>(w1(given, line)), line); // (…, Hidden)
    let h(gate * w3(given, line), line);
    return w2(h, line);
  }
};
/// The gates of the paper: sigmoid, SiLU and GELU.
template <int In, int Hidden, int Out = In, bool Bias = false>
using GLU = GatedMLP<In, Hidden, Out, Activation::sigmoid, Bias>;
template <int In, int Hidden, int Out = In, bool Bias = false>
using SwiGLU = GatedMLP<In, Hidden, Out, Activation::silu, Bias>;
template <int In, int Hidden, int Out = In, bool Bias = false>
using GeGLU = GatedMLP<In, Hidden, Out, Activation::gelu, Bias>;

} // namespace kerf::nn
