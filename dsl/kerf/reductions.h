// Reductions made of ops, over the axes in angle brackets, of which none means all: `var<1>(x)`.
// `keep` behind them there leaves them with extent 1: `var<1, keep>(x)`.
#pragma once

#include "kerf/derived.h"

namespace kerf {

/// Smallest element over some axes; NaN is smaller than every number. Equal ones share the gradient
/// as those of `max` do.
template <auto... axes> auto min(const Operand auto &input) {
  const auto &x = detail::over<"min", axes...>(input);
  if constexpr (is_float<element_of<decltype(x)>>)
    return -max<axes...>(-x);
  else // where -x may not exist
    return bit_not(max<axes...>(bit_not(x)));
}

namespace detail {

template <auto... axes> auto variance(const Operand auto &input, double correction, Line line) {
  let x(input, line);
  let squares(square(x - mean<axes..., keep>(x)), line);
  const auto count = count_over<element_of<decltype(x)>, shape_of<decltype(x)>, axes...>();
  return sum<axes...>(squares) / maximum(count - correction, 0);
}

/// sqrt(x) with gradient 0 at 0, where the root's slope is infinite.
auto flat_root(const Operand auto &squares, Line line) {
  let x(squares, line);
  return select(x == 0, 0, sqrt(x));
}

} // namespace detail

/// Variance over some axes: the sum of squared differences from the mean, divided by the number of
/// elements less `correction`, as PyTorch's.   var<1>(x), var<0>(x, 0)
template <auto... axes>
auto var(const Operand auto &input, double correction = 1, Line line = Line::current()) {
  const auto &given = detail::floats_over<"var", axes...>(input);
  const auto variance = detail::variance<axes...>(detail::widened(given), correction, line);
  return let(detail::narrowed<element_of<decltype(given)>>(variance), line);
}

/// The root of `var`: PyTorch's std; its gradient at 0, of equal elements, is 0 as there.
template <auto... axes>
auto stddev(const Operand auto &x, double correction = 1, Line line = Line::current()) {
  const auto &given = detail::floats_over<"stddev", axes...>(x);
  let variance(detail::variance<axes...>(detail::widened(given), correction, line), line);
  return let(detail::narrowed<element_of<decltype(given)>>(detail::flat_root(variance, line)),
             line);
}

/// sqrt(sum x^2) over some axes; its gradient at 0 is 0, as in PyTorch.
template <auto... axes> auto norm(const Operand auto &x, Line line = Line::current()) {
  const auto &given = detail::floats_over<"norm", axes...>(x);
  const auto squares = sum<axes...>(square(detail::widened(given)));
  return let(detail::narrowed<element_of<decltype(given)>>(detail::flat_root(squares, line)), line);
}
/// sum |x| over some axes.
template <auto... axes> auto l1_norm(const Operand auto &x) {
  return sum<axes...>(abs(detail::over<"l1_norm", axes...>(x)));
}
/// max |x| over some axes.
template <auto... axes> auto max_norm(const Operand auto &x) {
  return max<axes...>(abs(detail::over<"max_norm", axes...>(x)));
}

/// log(sum e^x) over some axes, without overflow; -inf of nothing but -inf.
template <auto... axes> auto logsumexp(const Operand auto &input, Line line = Line::current()) {
  const auto &given = detail::floats_over<"logsumexp", axes...>(input);
  let x(detail::widened(given), line);
  let most(stop_gradient(max<axes..., keep>(x)), line);
  let center(select(abs(most) < std::numeric_limits<element_of<decltype(x)>>::infinity(), most, 0),
             line);
  let total(sum<axes...>(exp(x - center)), line);
  return let(detail::narrowed<element_of<decltype(given)>>(log(total) +
                                                           detail::reshaped<total.shape>(center)),
             line);
}

} // namespace kerf
