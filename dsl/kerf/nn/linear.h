// Linear layers, and feed-forward layers made of them.
#pragma once

#include "kerf/nn/layer.h"

namespace kerf::nn {

/// x W^T + b along the last axis.   x : (…, In) -> (…, Out)
template <int In, int Out, bool Bias = true> struct Linear : Module {
  Param<f32, Out, In> weight;
  Optional<Param<f32, Out>, Bias> bias = init::fan_in(In);

  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    using X = std::remove_cvref_t<decltype(x)>;
    static constexpr Rule rule =
        detail::takes_f32<X>(detail::has_features(X::shape, In)).in("kerf: Linear: ");
    KERF_CHECK(rule);
    const Scope scope(weight);
    if constexpr (rule.shape.is_poison()) {
      return detail::Nothing();
    } else {
      constexpr Ints none, last = Ints::of(X::shape.rank - 1), inputs = Ints::of(1);
      let y(detail::plus(contract<none, none, last, inputs>(x, weight), bias), line);
      return y;
    }
  }
};

} // namespace kerf::nn
