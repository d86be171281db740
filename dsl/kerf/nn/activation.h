// Activations by name, as template arguments of layers.
#pragma once

#include "kerf/nn/layer.h"

namespace kerf::nn {

/// What layers have between their linear parts. Wherever one of these is a template argument, a
/// function may be too: `MLP<64, 256, 64, [](const auto &x) { return square(relu(x)); }>`.
/// `gelu` is PyTorch's, by erf; `gelu_tanh` its approximation, which costs less.
enum class Activation { relu, gelu, gelu_tanh, silu, tanh, sigmoid };

namespace detail {

template <auto activation> auto activated(const Operand auto &x) {
  if constexpr (!std::is_same_v<std::remove_const_t<decltype(activation)>, Activation>)
    return activation(x);
  else if constexpr (activation == Activation::relu)
    return relu(x);
  else if constexpr (activation == Activation::gelu)
    return gelu_erf(x);
  else if constexpr (activation == Activation::gelu_tanh)
    return gelu(x);
  else if constexpr (activation == Activation::silu)
    return silu(x);
  else if constexpr (activation == Activation::tanh)
    return tanh(x);
  else
    return sigmoid(x);
}

} // namespace detail
} // namespace kerf::nn
