// An entry for each layer: its value, and the slopes of a sum of it.
#pragma once

#include <kerf/kerf.h>
#include <kerf/nn.h>

namespace layers {
using namespace kerf;
inline constexpr auto B = dim<"B">();

template <class Y, class X> struct Found {
  Y y;
  X dx;
};

/// A layer and its input, both differentiated.
template <class Layer, class X> struct Inside : Module {
  Layer layer;
  ParamOf<f32, X::shape> x;
};
template <class Y> struct Outcome {
  Tensor<f32> loss;
  Y y;
};

constexpr auto apply = [](const auto &layer, const auto &x) { return layer(x); };
constexpr auto train = [](const auto &layer, const auto &x) { return layer(x, Mode::training); };
constexpr auto infer = [](const auto &layer, const auto &x) { return layer(x, Mode::inference); };

/// y and the slopes of sum(y c), in the input and in the parameters. A layer that is not const has
/// its buffers updated.
template <class Layer, class X, class Y, auto call = apply>
Found<Y, X> differentiated(Layer &layer, std::remove_const_t<Layer> &slopes, const X &x,
                           const Y &c) {
  using Both = Inside<std::remove_const_t<Layer>, X>;
  const auto loss = [](const Both &inside, const Y &c) -> Outcome<Y> {
    let y = call(inside.layer, inside.x);
    return {sum(y * c), y};
  };
  Both inside{{}, layer, {}};
  inside.x = x;
  auto [outcome, found] = value_and_grad(loss)(inside, c);
  if constexpr (!std::is_const_v<Layer>)
    layer = inside.layer;
  slopes = found.layer;
  return {outcome.y, found.x};
}

/// y and the slopes of sum(y c) in the parameters.
template <class Layer, class X, class Y>
Y looked_up(const Layer &layer, Layer &slopes, const X &x, const Y &c) {
  const auto loss = [](const Layer &layer, const X &x, const Y &c) -> Tensor<f32> {
    return sum(layer(x) * c);
  };
  slopes = value_and_grad(loss)(layer, x, c).gradients;
  return layer(x);
}

/// y and the slopes of sum(y c) in the input, of a layer without parameters.
template <class Layer, class X, class Y> Found<Y, X> parameterless(const X &x, const Y &c) {
  const auto loss = [](const X &x, const Y &c) -> Outcome<Y> {
    let y = Layer()(x);
    return {sum(y * c), y};
  };
  auto [outcome, dx] = value_and_grad(loss)(x, c);
  return {outcome.y, dx};
}

} // namespace layers
