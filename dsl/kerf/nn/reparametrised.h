// Layers whose weight is made of others before each call. Their parameters have the names that
// torch.nn.utils.spectral_norm and weight_norm give.
#pragma once

#include "kerf/nn/conv.h"
#include "kerf/nn/linear.h"
#include "kerf/nn/mode.h"

namespace kerf::nn {

namespace detail {

/// The axis of a layer's outputs in its weight: of an adjoint convolution 1.
template <class Layer> constexpr int output_axis() {
  if constexpr (requires { Layer::output_axis; })
    return Layer::output_axis;
  else
    return 0;
}

/// A weight as a matrix, a row for each output.
constexpr Ints outputs_first(int rank, int axis) {
  Ints result = Ints::of(axis);
  for (int i = 0; i < rank; ++i)
    if (i != axis)
      result.push(i);
  return result;
}
template <int axis> auto as_matrix(const Operand auto &weight) {
  constexpr Shape s = shape_of<decltype(weight)>;
  constexpr Dim rows = s[axis];
  return reshaped<Shape::of(rows, divide(s.numel(), rows).dim)>(
      transposed<outputs_first(s.rank, axis)>(weight));
}

/// x / max(|x|, least)
auto directed(const Operand auto &given, double least, Line line) {
  let x(given, line);
  return x / maximum(sqrt(sum(square(x))), least);
}

/// The layer with another weight, called.
template <class Layer>
auto called_with(const auto &weight, const auto &named, const auto &bias, const auto &x,
                 Line line) {
  Layer layer;
  layer.weight = TensorOf<f32, decltype(layer.weight)::shape>(weight, line);
  layer.weight.path = named.path;
  layer.bias = bias;
  return layer(x, line);
}

} // namespace detail

/// A layer whose weight is divided by its largest singular value, u^T W v, where u and v follow
/// the singular vectors by one step of power iteration in each call in training. W has a row for
/// each output.   [Miyato 2018, alg. 1]
///
///     nn::SpectralNorm<nn::Conv2d<64, 128, 4, 2, 1>> down;
///     let h = down(x, Mode::training);
///
/// As it is drawn, u is of any length: before the first call in training, an inference differs from
/// PyTorch's, which begins with unit vectors.
template <class Layer> struct SpectralNorm : Module {
  static constexpr Shape matrix =
      shape_of<decltype(detail::as_matrix<detail::output_axis<Layer>()>(Layer().weight))>;
  decltype(Layer::bias) bias = Layer().bias;
  decltype(Layer::weight) weight_orig = Layer().weight;
  Buffer<f32, matrix[0]> weight_u = init::normal(1);
  Buffer<f32, matrix[1]> weight_v = init::normal(1);
  double epsilon = 1e-12;

  [[nodiscard]] auto operator()(const Operand auto &x, Mode mode,
                                Line line = Line::current()) const {
    let w(detail::as_matrix<detail::output_axis<Layer>()>(weight_orig), line);
    if (mode == Mode::training) {
      const auto next_v = detail::directed(einsum<"o i, o -> i">(w, weight_u), epsilon, line);
      weight_v.update(next_v, line);
      const auto next_u = detail::directed(einsum<"o i, i -> o">(w, weight_v), epsilon, line);
      weight_u.update(next_u, line);
    }
    const auto u = stop_gradient(weight_u);
    const auto v = stop_gradient(weight_v);
    let largest(sum(u * einsum<"o i, i -> o">(w, v)), line);
    return detail::called_with<Layer>(weight_orig / largest, weight_orig, bias, x, line);
  }
  template <detail::NoMode... Others>
  auto operator()(const Operand auto &, const Others &...) const {
    return detail::without_mode<"SpectralNorm", Others...>();
  }
};

/// A layer whose weight is g v / |v|, the length of each row of axis 0 a parameter of its own.
/// [Salimans 2016]
///
///     nn::WeightNorm<nn::Linear<64, 64>> layer;
///
/// PyTorch begins with g = |v|; here it begins at the length that a drawn row has on average, of
/// the root of 1/3.
template <class Layer> struct WeightNorm : Module {
  static constexpr Shape lengths = [] {
    Shape shape = shape_of<decltype(Layer::weight)>;
    for (int i = 1; i < shape.rank; ++i)
      shape[i] = 1;
    return shape;
  }();
  decltype(Layer::bias) bias = Layer().bias;
  ParamOf<f32, lengths> weight_g = init::constant(0.57735026918962576);
  decltype(Layer::weight) weight_v = Layer().weight;

  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    constexpr Shape s = shape_of<decltype(weight_v)>;
    constexpr Shape rows = Shape::of(s[0], divide(s.numel(), s[0]).dim);
    const auto matrix = detail::make<op::reshape, f32, rows>(weight_v);
    const auto length = detail::make<op::reshape, f32, lengths>(sqrt(sum<1>(square(matrix))));
    return detail::called_with<Layer>(weight_v * (weight_g / length), weight_v, bias, x, line);
  }
};

} // namespace kerf::nn
