// What leaves out parts of a network at random while it is trained.
#pragma once

#include "kerf/nn/layer.h"
#include "kerf/nn/mode.h"
#include "kerf/random.h"

namespace kerf::nn {

namespace detail {

/// Stands for a key that was not given.
struct NoKey {};

/// Does a layer that drops with probability p have to draw? Ends the program if it cannot.
template <class K> bool must_draw(double p, Mode mode, std::string_view layer, Line line) {
  Text text;
  if (!(p >= 0 && p <= 1)) {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%g", p);
    stop(line, text << layer << ": p = " << digits << " is no probability");
  }
  if (mode == Mode::inference || p == 0)
    return false;
  if (std::is_same_v<K, NoKey>)
    stop(line, text << layer << ": training draws from a key: give it one behind the mode");
  return true;
}

/// `kerf::detail::dropped`, where there is a key.
template <Name layer, Shape S, class K>
auto dropped(const Operand auto &x, double p, const K &key, Line line) {
  if constexpr (std::is_same_v<K, NoKey>)
    return let(x, line); // must_draw has ended the program
  else
    return kerf::detail::dropped<layer, S>(x, p, key, line);
}

/// (N, 1, 1, …): one number per row of x.
constexpr Shape per_row(const Shape &x) {
  Shape rows = x;
  for (int i = 1; i < rows.rank; ++i)
    rows[i] = 1;
  return rows;
}

} // namespace detail

/// In training each element is 0 with probability p, drawn by the key, and the others are divided
/// by 1 - p; in inference x.   x : any shape -> the same   [Srivastava 2014]
///
///     let h = dropout(relu(linear(x)), Mode::training, fold(key, 0));
struct Dropout : Module {
  double p = 0.5;

  template <class K = detail::NoKey>
  [[nodiscard]] auto operator()(const Operand auto &x, Mode mode, const K &key = {},
                                Line line = Line::current()) const {
    let y(detail::floats<"Dropout">(x), line);
    if (detail::must_draw<K>(p, mode, "Dropout", line))
      y = detail::dropped<"Dropout", shape_of<decltype(y)>>(y, p, key, line);
    return y;
  }
  template <detail::NoMode... Others>
  auto operator()(const Operand auto &, const Others &...) const {
    return detail::without_mode<"Dropout", Others...>();
  }
};

/// Dropout of whole rows: in training a residual branch is left out of an example with probability
/// p.   x : (N, …) -> the same   [Huang 2016]
///
///     let y = x + drop(branch(x), mode, fold(key, 1));
struct StochasticDepth : Module {
  double p = 0.5;

  template <class K = detail::NoKey>
  [[nodiscard]] auto operator()(const Operand auto &x, Mode mode, const K &key = {},
                                Line line = Line::current()) const {
    let y(detail::floats<"StochasticDepth">(x), line);
    if (detail::must_draw<K>(p, mode, "StochasticDepth", line))
      y = detail::dropped<"StochasticDepth", detail::per_row(shape_of<decltype(y)>)>(y, p, key,
                                                                                     line);
    return y;
  }
  template <detail::NoMode... Others>
  auto operator()(const Operand auto &, const Others &...) const {
    return detail::without_mode<"StochasticDepth", Others...>();
  }
};

} // namespace kerf::nn
