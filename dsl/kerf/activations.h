// Activations made of ops, element by element, with PyTorch's names, defaults and gradients.
#pragma once

#include "kerf/derived.h"

namespace kerf {

/// x, and slope x where x < 0.   [Maas 2013]
auto leaky_relu(const Operand auto &input, double slope = 0.01, Line line = Line::current()) {
  let x(detail::floats<"leaky_relu">(input), line);
  return let(select(x <= 0, slope * x, x), line);
}

/// x, and alpha (e^x - 1) where x < 0.   [Clevert 2015]
auto elu(const Operand auto &input, double alpha = 1, Line line = Line::current()) {
  let x(detail::floats<"elu">(input), line);
  let low(x <= 0, line);
  return let(select(low, alpha * expm1(select(low, x, 0)), x), line);
}

/// The elu that keeps mean 0 and variance 1.   [Klambauer 2017]
auto selu(const Operand auto &x, Line line = Line::current()) {
  constexpr double scale = 1.0507009873554804934193349852946;
  return let(scale * elu(detail::floats<"selu">(x), 1.6732632423543772848170429916717, line), line);
}

/// x between `low` and `high`, and these beyond; no gradient there and at them.
auto hardtanh(const Operand auto &input, double low = -1, double high = 1,
              Line line = Line::current()) {
  let x(detail::floats<"hardtanh">(input), line);
  return let(select(x <= low, low, select(x >= high, high, x)), line);
}
/// max(x, 0), 6 at most.   [Krizhevsky 2010]
auto relu6(const Operand auto &x, Line line = Line::current()) {
  return hardtanh(detail::floats<"relu6">(x), 0, 6, line);
}

/// x / 6 + 1/2 between 0 and 1.
auto hardsigmoid(const Operand auto &x, Line line = Line::current()) {
  return let(hardtanh(detail::floats<"hardsigmoid">(x), -3, 3, line) / 6 + 0.5, line);
}
/// x hardsigmoid(x).   [Howard 2019]
auto hardswish(const Operand auto &input, Line line = Line::current()) {
  let x(detail::floats<"hardswish">(input), line);
  return let(x * hardsigmoid(x, line), line);
}

/// x / (1 + |x|)
auto softsign(const Operand auto &input, Line line = Line::current()) {
  let x(detail::floats<"softsign">(input), line);
  return let(x / (1 + abs(x)), line);
}

/// x tanh(softplus(x))   [Misra 2019]
auto mish(const Operand auto &input, Line line = Line::current()) {
  let x(detail::floats<"mish">(input), line);
  return let(x * tanh(softplus(x)), line);
}

} // namespace kerf
