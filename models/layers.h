// What the models share; layers have the names, layouts and default initialisation of PyTorch's.
#pragma once

#include <kerf/kerf.h>

namespace kerf::models {

/// The batch; every entry binds it.
inline constexpr auto B = dim<"B">();

/// x W^T + b.   x : (B, In) -> (B, Out)
template <int In, int Out> struct Linear : Module {
  Param<f32, Out, In> weight;
  Param<f32, Out> bias = init::fan_in(In);

  auto operator()(const auto &x, Line line = Line::current()) const {
    const Scope scope(weight);
    let y(einsum<"b i, o i -> b o">(x, weight) + bias, line);
    return y;
  }
};

/// Cross-correlation and bias.   x : (B, In, H, W) -> (B, Out, (H + 2 Padding - Kernel) / Stride +
/// 1, …)
template <int In, int Out, int Kernel, int Stride = 1, int Padding = 0> struct Conv2d : Module {
  Param<f32, Out, In, Kernel, Kernel> weight;
  Param<f32, Out> bias = init::fan_in(In * Kernel * Kernel);

  auto operator()(const auto &x, Line line = Line::current()) const {
    const Scope scope(weight);
    let y(conv<Stride, Padding>(x, weight) + rearrange<"c -> c 1 1">(bias), line);
    return y;
  }
};

/// The adjoint of a convolution, and bias.   x : (B, In, H, W) -> (B, Out, (H - 1) Stride - 2
/// Padding + Kernel, …)
template <int In, int Out, int Kernel, int Stride = 1, int Padding = 0>
struct ConvTranspose2d : Module {
  Param<f32, In, Out, Kernel, Kernel> weight;
  Param<f32, Out> bias = init::fan_in(Out * Kernel * Kernel);

  auto operator()(const auto &x, Line line = Line::current()) const {
    const Scope scope(weight);
    let y(conv_transpose<Stride, Padding>(x, weight) + rearrange<"c -> c 1 1">(bias), line);
    return y;
  }
};

/// A table of rows, looked up by index.   indices : any shape S -> S + (Size)
template <int Rows, int Size> struct Embedding : Module {
  Param<f32, Rows, Size> weight = init::normal(1);

  auto operator()(const auto &indices, Line line = Line::current()) const {
    const Scope scope(weight);
    let y(gather(weight, indices), line);
    return y;
  }
};

} // namespace kerf::models
