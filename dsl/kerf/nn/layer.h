// What layers share: parameters that a layer may have or not, and rules about what it is called on.
#pragma once

#include "kerf/derived.h"
#include "kerf/module.h"

namespace kerf::nn::detail {

using namespace kerf::detail;

/// What a layer whose input is wrong gives: of no shape, so that one mistake gives one message.
using Nothing = TensorOf<f32, Shape::poison()>;

/// `rule`, if X has the element type of parameters.
template <class X> constexpr Rule takes_f32(const Rule &rule) {
  constexpr DType type = dtype_of<element_of<X>>;
  if (type != DType::f32 && !shape_of<X>.is_poison())
    return fail("the input is ", spell(type), ", the parameters are f32; use cast<f32>()");
  return rule;
}

/// An input with `features` on its last axis, and others or none before.
constexpr Rule has_features(const Shape &x, std::int64_t features) {
  if (x.is_poison())
    return x;
  if (x.rank < 1)
    return fail("needs an axis of ", features, " features, got a scalar");
  if (!(x[-1] == Dim(features)))
    return fail("the input has ", x[-1], " features on its last axis, the layer takes ", features,
                ", in ", x);
  return x;
}

template <class X, std::int64_t count> constexpr Rule features_rule() {
  return takes_f32<X>(has_features(shape_of<X>, count));
}
/// The input of a layer of parts that take so many features, in the words of the layer.
template <Name layer, std::int64_t count> decltype(auto) features(const Operand auto &x) {
  return checked<layer, features_rule<decltype(x), count>>(x);
}

/// Images of [N, C, …] with `spatial` axes behind, or any number if -1.
constexpr Rule is_image(const Shape &x, int spatial) {
  if (x.is_poison())
    return x;
  constexpr std::string_view layouts[] = {"[N, C]", "[N, C, L]", "[N, C, H, W]", "[N, C, D, H, W]"};
  if (x.rank < 2 || (spatial >= 0 && x.rank != spatial + 2))
    return fail("needs an input of ", spatial < 0 ? "[N, C, ...]" : layouts[spatial], ", got ", x);
  return x;
}

/// The same with `channels` on axis 1.
constexpr Rule has_channels(const Shape &x, std::int64_t channels, int spatial) {
  const Rule image = is_image(x, spatial);
  if (image.ok && !x.is_poison() && !(x[1] == Dim(channels)))
    return fail("the input has ", x[1], " channels, the layer takes ", channels, ", in ", x);
  return image;
}

/// (C) as (C, 1, …), which stretches over `spatial` axes; what a layer has not stays so.
template <int spatial, class P> auto per_channel(const P &parameter) {
  if constexpr (Operand<P>) {
    return make<op::reshape, element_of<P>, with_ones(P::shape, spatial)>(parameter);
  } else {
    return parameter;
  }
}

/// What a layer does with a parameter that it may have not.
template <class Y, class P> auto plus(const Y &y, const P &bias) {
  if constexpr (Operand<P>)
    return y + bias;
  else
    return y;
}
template <class Y, class P> auto times(const Y &y, const P &weight) {
  if constexpr (Operand<P>)
    return y * weight;
  else
    return y;
}

/// y[0] … y[count - 1] side by side along an axis, each `of` an index.
template <int axis, std::int64_t count> auto side_by_side(const auto &of, Line line) {
  return [&]<std::int64_t... i>(std::integer_sequence<std::int64_t, i...>) {
    const std::tuple parts{of(std::integral_constant<std::int64_t, i>())...}; // in this order
    let y(std::apply([](const auto &...part) { return concat<axis>(part...); }, parts), line);
    return y;
  }(std::make_integer_sequence<std::int64_t, count>());
}

} // namespace kerf::nn::detail
