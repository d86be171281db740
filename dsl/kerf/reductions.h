// Reductions made of ops: `var<1, keep>(x)`, over some axes; none means all; `keep` leaves them
// with extent 1.
#pragma once

#include "kerf/derived.h"

namespace kerf {

namespace detail {

/// Fails the compilation in the words of the function that reduces.
template <Name user, class X, auto... axes> auto check_reduction() {
  static constexpr Rule rule =
      (is_float<element_of<X>> ? rule::reduce(shape_of<X>, Axes::of(shape_of<X>, axes...).axes)
                               : fail("x must be f32 or f64, got ", spell(dtype_of<element_of<X>>)))
          .in(prefix_of<user>);
  KERF_CHECK(rule);
  return std::bool_constant<rule.ok && !rule.shape.is_poison()>();
}
template <Name user, class X, auto... axes>
inline constexpr bool can_reduce = decltype(check_reduction<user, X, axes...>())::value;

} // namespace detail

/// Smallest element over some axes; NaN is smaller than every number. Equal ones share the gradient
/// as those of `max` do.
template <auto... axes> auto min(const Operand auto &x) {
  if constexpr (is_float<element_of<decltype(x)>>)
    return -max<axes...>(-x);
  else // where -x may not exist
    return bit_not(max<axes...>(bit_not(x)));
}

/// Variance over some axes: the sum of squared differences from the mean, divided by the number of
/// elements less `correction`, as PyTorch's.   var<1>(x), var<0>(x, 0)
template <auto... axes>
auto var(const Operand auto &input, double correction = 1, Line line = Line::current()) {
  using X = std::remove_cvref_t<decltype(input)>;
  using T = element_of<X>;
  if constexpr (!detail::can_reduce<"var", X, axes...>) {
    return Splat<T, Shape::poison()>();
  } else {
    let x(input, line);
    let squares(square(x - mean<axes..., keep>(x)), line);
    return let(sum<axes...>(squares) /
                   maximum(detail::count_over<T, X::shape, axes...>() - correction, 0),
               line);
  }
}

/// The root of `var`: PyTorch's std.
template <auto... axes>
auto stddev(const Operand auto &x, double correction = 1, Line line = Line::current()) {
  if constexpr (!detail::can_reduce<"stddev", decltype(x), axes...>)
    return Splat<element_of<decltype(x)>, Shape::poison()>();
  else
    return let(sqrt(var<axes...>(x, correction, line)), line);
}

/// sqrt(sum x^2) over some axes; its gradient at 0 is 0, as in PyTorch.
template <auto... axes> auto norm(const Operand auto &x, Line line = Line::current()) {
  if constexpr (!detail::can_reduce<"norm", decltype(x), axes...>) {
    return Splat<element_of<decltype(x)>, Shape::poison()>();
  } else {
    let squares(sum<axes...>(square(x)), line);
    return let(select(squares == 0, 0, sqrt(squares)), line);
  }
}
/// sum |x| over some axes.
template <auto... axes> auto l1_norm(const Operand auto &x) { return sum<axes...>(abs(x)); }
/// max |x| over some axes.
template <auto... axes> auto max_norm(const Operand auto &x) { return max<axes...>(abs(x)); }

/// log(sum e^x) over some axes, without overflow; -inf of nothing but -inf.
template <auto... axes> auto logsumexp(const Operand auto &input, Line line = Line::current()) {
  using X = std::remove_cvref_t<decltype(input)>;
  using T = element_of<X>;
  if constexpr (!detail::can_reduce<"logsumexp", X, axes...>) {
    return Splat<T, Shape::poison()>();
  } else {
    let x(input, line);
    let most(stop_gradient(max<axes..., keep>(x)), line);
    let center(select(abs(most) < std::numeric_limits<T>::infinity(), most, 0), line);
    let total(sum<axes...>(exp(x - center)), line);
    return let(log(total) + detail::reshaped<total.shape>(center), line);
  }
}

} // namespace kerf
