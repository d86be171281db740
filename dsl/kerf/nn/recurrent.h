// Recurrent layers: of steps one after another, or of one step.
#pragma once

#include "kerf/loops.h"
#include "kerf/nn/activation.h"
#include "kerf/nn/layer.h"
#include "kerf/shapes.h"

namespace kerf::nn {

/// What a recurrent layer gives: the last layer's state of every step, and every layer's last one.
template <class Outputs, class State> struct [[nodiscard]] Recurred {
  Outputs outputs;
  State state;
};

namespace detail {

/// Gate `number` of those along the last axis.
template <int number, int hidden, class X> auto gate(const X &gates) {
  return cut_out<X::shape.rank - 1, Dim(number * hidden), Dim((number + 1) * hidden)>(gates);
}

// Each cell: from what the input and the hidden state give to the gates, and the state, the next
// state.

/// tanh(x + h), or relu   [Elman 1990]
template <auto activation> struct RnnStep {
  static constexpr int gates = 1;
  static constexpr bool has_cell = false;
  template <int hidden> static auto next(const auto &x, const auto &h, const auto &, Line line) {
    let y(activated<activation>(x + h), line);
    return std::tuple(y);
  }
};
/// r, z = sigmoid(x + h), n = tanh(x + r h), (1 - z) n + z state   [Cho 2014], with r where cuDNN
/// has it
struct GruStep {
  static constexpr int gates = 3;
  static constexpr bool has_cell = false;
  template <int hidden>
  static auto next(const auto &x, const auto &h, const auto &state, Line line) {
    let reset(sigmoid(gate<0, hidden>(x) + gate<0, hidden>(h)), line);
    let update(sigmoid(gate<1, hidden>(x) + gate<1, hidden>(h)), line);
    let fresh(tanh(gate<2, hidden>(x) + reset * gate<2, hidden>(h)), line);
    let y(fresh + update * (std::get<0>(state) - fresh), line);
    return std::tuple(y);
  }
};
/// i, f, o = sigmoid(x + h), g = tanh(x + h), c = f c + i g, o tanh(c)   [Hochreiter 1997; Gers
/// 2000]
struct LstmStep {
  static constexpr int gates = 4;
  static constexpr bool has_cell = true;
  template <int hidden>
  static auto next(const auto &x, const auto &h, const auto &state, Line line) {
    let all(x + h, line);
    let input(sigmoid(gate<0, hidden>(all)), line);
    let forget(sigmoid(gate<1, hidden>(all)), line);
    let fresh(tanh(gate<2, hidden>(all)), line);
    let output(sigmoid(gate<3, hidden>(all)), line);
    let cell(forget * std::get<1>(state) + input * fresh, line);
    let y(output * tanh(cell), line);
    return std::tuple(y, cell);
  }
};

/// x W^T + b along the last axis.
template <class X, class W, class B>
auto project(const X &x, const W &weight, const B &bias, Line line) {
  constexpr Ints none, last = Ints::of(X::shape.rank - 1), inputs = Ints::of(1);
  let y(plus(contract<none, none, last, inputs>(x, weight), bias), line);
  return y;
}

/// What is wrong with a state of shape `want`.
template <class S> constexpr Rule is_state(std::string_view which, const Shape &want) {
  constexpr Shape shape = shape_of<S>;
  if (!shape.is_poison() && !want.is_poison() && !(shape == want))
    return fail(which, " is ", shape, " but should be ", want);
  return takes_f32<S>(shape);
}

template <class X, class... States>
constexpr Rule recurrence_rule(int in, int layers, int hidden, bool has_cell) {
  constexpr Shape x = X::shape;
  if (const Rule features = takes_f32<X>(has_features(x, in));
      !features.ok || features.shape.is_poison())
    return features;
  if (layers < 1 || layers > 4)
    return fail("has ", layers, " layers, but may have 1 to 4");
  if (x.rank != 3)
    return fail("needs an input of [B, T, ", in, "], got ", x);
  Rule rule = Shape{};
  std::string_view which = "the first state";
  [[maybe_unused]] const auto check = [&]<class S>(std::type_identity<S>) {
    if (rule.ok)
      rule = is_state<S>(which, Shape::of(layers, x[0], hidden));
    which = "the first cell";
  };
  (check(std::type_identity<States>()), ...);
  if (rule.ok && sizeof...(States) != 0 && int(sizeof...(States)) != 1 + has_cell)
    return fail("takes ", has_cell ? "both a first state and a first cell" : "one first state",
                ", or none");
  return rule;
}

template <class X, class... State> constexpr Rule cell_rule(int in, int hidden) {
  constexpr Shape x = X::shape;
  if (const Rule features = takes_f32<X>(has_features(x, in));
      !features.ok || features.shape.is_poison())
    return features;
  if (x.rank != 2)
    return fail("needs an input of [B, ", in, "], got ", x);
  Rule rule = Shape{};
  std::string_view which = "the state";
  [[maybe_unused]] const auto check = [&]<class S>(std::type_identity<S>) {
    if (rule.ok)
      rule = is_state<S>(which, Shape::of(x[0], hidden));
    which = "the cell";
  };
  (check(std::type_identity<State>()), ...);
  return rule;
}

/// Layers of a recurrence, each over what the one before gives, with the batch first.
template <Name layer, class Step, int In, int Hidden, int Layers, bool Bias>
struct Recurrent : Module {
  static constexpr int gates = Step::gates * Hidden;
  Param<f32, gates, In> weight_ih_l0 = init::fan_in(Hidden);
  Param<f32, gates, Hidden> weight_hh_l0 = init::fan_in(Hidden);
  Optional<Param<f32, gates>, Bias> bias_ih_l0 = init::fan_in(Hidden);
  Optional<Param<f32, gates>, Bias> bias_hh_l0 = init::fan_in(Hidden);
  Optional<Param<f32, gates, Hidden>, (Layers > 1)> weight_ih_l1 = init::fan_in(Hidden);
  Optional<Param<f32, gates, Hidden>, (Layers > 1)> weight_hh_l1 = init::fan_in(Hidden);
  Optional<Param<f32, gates>, (Layers > 1 && Bias)> bias_ih_l1 = init::fan_in(Hidden);
  Optional<Param<f32, gates>, (Layers > 1 && Bias)> bias_hh_l1 = init::fan_in(Hidden);
  Optional<Param<f32, gates, Hidden>, (Layers > 2)> weight_ih_l2 = init::fan_in(Hidden);
  Optional<Param<f32, gates, Hidden>, (Layers > 2)> weight_hh_l2 = init::fan_in(Hidden);
  Optional<Param<f32, gates>, (Layers > 2 && Bias)> bias_ih_l2 = init::fan_in(Hidden);
  Optional<Param<f32, gates>, (Layers > 2 && Bias)> bias_hh_l2 = init::fan_in(Hidden);
  Optional<Param<f32, gates, Hidden>, (Layers > 3)> weight_ih_l3 = init::fan_in(Hidden);
  Optional<Param<f32, gates, Hidden>, (Layers > 3)> weight_hh_l3 = init::fan_in(Hidden);
  Optional<Param<f32, gates>, (Layers > 3 && Bias)> bias_ih_l3 = init::fan_in(Hidden);
  Optional<Param<f32, gates>, (Layers > 3 && Bias)> bias_hh_l3 = init::fan_in(Hidden);

  /// From a state of zeros.
  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    return run(line, x);
  }
  /// From a state (Layers, B, Hidden).
  [[nodiscard]] auto operator()(const Operand auto &x, const Operand auto &first,
                                Line line = Line::current()) const {
    return run(line, x, first);
  }
  /// The same with a cell.
  [[nodiscard]] auto operator()(const Operand auto &x, const Operand auto &first,
                                const Operand auto &cell, Line line = Line::current()) const {
    return run(line, x, first, cell);
  }
  /// From what a call gave.
  template <Operand H, Operand C>
  [[nodiscard]] auto operator()(const Operand auto &x, const std::tuple<H, C> &state,
                                Line line = Line::current()) const {
    return run(line, x, std::get<0>(state), std::get<1>(state));
  }

private:
  template <int l> auto parameters() const {
    if constexpr (l == 0)
      return std::tie(weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0);
    else if constexpr (l == 1)
      return std::tie(weight_ih_l1, weight_hh_l1, bias_ih_l1, bias_hh_l1);
    else if constexpr (l == 2)
      return std::tie(weight_ih_l2, weight_hh_l2, bias_ih_l2, bias_hh_l2);
    else
      return std::tie(weight_ih_l3, weight_hh_l3, bias_ih_l3, bias_hh_l3);
  }

  template <class X, class... First> auto run(Line line, const X &x, const First &...first) const {
    static constexpr Rule rule =
        recurrence_rule<X, First...>(In, Layers, Hidden, Step::has_cell).in(prefix_of<layer>);
    KERF_CHECK(rule);
    if constexpr (!rule.ok || X::shape.is_poison()) {
      return Recurred<Nothing, Nothing>();
    } else {
      const Scope scope(weight_ih_l0);
      return layers_from<0>(line, x, std::tuple(emitted(first, line)...), std::tuple());
    }
  }

  /// What the state is before the first step of layer l.
  template <int l, class X, class First> auto first_of(Line line, const First &first) const {
    using State = TensorOf<f32, Shape::of(X::shape[0], Hidden)>;
    const auto at = [&](const auto &state) { return State(state[l], line); };
    if constexpr (std::tuple_size_v<First> == 2)
      return std::tuple(at(std::get<0>(first)), at(std::get<1>(first)));
    else if constexpr (std::tuple_size_v<First> == 1)
      return std::tuple(at(std::get<0>(first)));
    else if constexpr (Step::has_cell)
      return std::tuple(State(0, line), State(0, line));
    else
      return std::tuple(State(0, line));
  }

  /// Layer l and those behind it; `last` are the states that those before it end with. What the
  /// inputs of all steps give to the gates is one product, before the loop.
  template <int l, class X, class First, class... Last>
  auto layers_from(Line line, const X &x, const First &first,
                   const std::tuple<Last...> &last) const {
    const auto weights = parameters<l>();
    const auto &weight_hh = std::get<1>(weights);
    const auto &bias_hh = std::get<3>(weights);
    const auto inputs = project(x, std::get<0>(weights), std::get<2>(weights), line);
    const auto step = [&](const auto &state, const auto &x) {
      const auto h = project(std::get<0>(state), weight_hh, bias_hh, line);
      const auto next = Step::template next<Hidden>(x, h, state, line);
      return std::pair(next, std::get<0>(next));
    };
    const auto [state, outputs] =
        scan<1>(first_of<l, X>(line, first), inputs, step, NoOption(), NoOption(), line);
    const auto states = std::tuple_cat(last, std::make_tuple(state));
    if constexpr (l + 1 < Layers) {
      return layers_from<l + 1>(line, outputs, first, states);
    } else {
      const auto of_layers = [&]<int part>(std::integral_constant<int, part>) {
        return std::apply(
            [&](const auto &...of) { return emitted(stack<0>(std::get<part>(of)...), line); },
            states);
      };
      const auto hidden = of_layers(std::integral_constant<int, 0>());
      using Outputs = std::remove_cvref_t<decltype(outputs)>;
      if constexpr (Step::has_cell) {
        const auto cell = of_layers(std::integral_constant<int, 1>());
        using State =
            std::tuple<std::remove_cvref_t<decltype(hidden)>, std::remove_cvref_t<decltype(cell)>>;
        return Recurred<Outputs, State>{outputs, {hidden, cell}};
      } else {
        return Recurred<Outputs, std::remove_cvref_t<decltype(hidden)>>{outputs, hidden};
      }
    }
  }
};

/// One step of a recurrence.
template <Name layer, class Step, int In, int Hidden, bool Bias> struct RecurrentCell : Module {
  static constexpr int gates = Step::gates * Hidden;
  Param<f32, gates, In> weight_ih = init::fan_in(Hidden);
  Param<f32, gates, Hidden> weight_hh = init::fan_in(Hidden);
  Optional<Param<f32, gates>, Bias> bias_ih = init::fan_in(Hidden);
  Optional<Param<f32, gates>, Bias> bias_hh = init::fan_in(Hidden);

  /// x : (B, In), h : (B, Hidden) -> (B, Hidden)
  [[nodiscard]] auto operator()(const Operand auto &x, const Operand auto &h,
                                Line line = Line::current()) const {
    static_assert(!Step::has_cell, "kerf: this cell takes the state and the cell: lstm(x, h, c)");
    return std::get<0>(step(line, x, h));
  }
  /// The same with a cell (B, Hidden), which comes out behind the state.
  [[nodiscard]] auto operator()(const Operand auto &x, const Operand auto &h,
                                const Operand auto &cell, Line line = Line::current()) const {
    static_assert(Step::has_cell, "kerf: this cell takes the state alone: gru(x, h)");
    return step(line, x, h, cell);
  }

private:
  template <class X, class... State> auto step(Line line, const X &x, const State &...state) const {
    static constexpr Rule rule = cell_rule<X, State...>(In, Hidden).in(prefix_of<layer>);
    KERF_CHECK(rule);
    const Scope scope(weight_ih);
    if constexpr (!rule.ok || X::shape.is_poison()) {
      return std::tuple(((void)sizeof(State), Nothing())...);
    } else {
      const auto before = std::tuple(emitted(state, line)...);
      const auto inputs = project(x, weight_ih, bias_ih, line);
      const auto h = project(std::get<0>(before), weight_hh, bias_hh, line);
      return emitted(Step::template next<Hidden>(inputs, h, before, line), line);
    }
  }
};

} // namespace detail

/// A recurrence of gated units over the steps of sequences, their batch first: `nn::GRU<32, 64>`,
/// `nn::GRU<32, 64, 2>` of two layers, up to four; parameters are weight_ih_l0 … as in PyTorch,
/// which has them in the order r, z, n. From zeros, or from a state (Layers, B, Hidden).
/// x : (B, T, In) -> outputs : (B, T, Hidden), state : (Layers, B, Hidden)   [Cho 2014]
///
///     auto [outputs, state] = gru(x);
///     auto [next, later] = gru(more, state);
template <int In, int Hidden, int Layers = 1, bool Bias = true>
using GRU = detail::Recurrent<"GRU", detail::GruStep, In, Hidden, Layers, Bias>;
/// One step of a GRU.   cell(x, h) : (B, In), (B, Hidden) -> (B, Hidden)
template <int In, int Hidden, bool Bias = true>
using GRUCell = detail::RecurrentCell<"GRUCell", detail::GruStep, In, Hidden, Bias>;

/// The same with a cell, and gates in the order i, f, g, o: its state is std::tuple(h, c), which it
/// takes as one or as lstm(x, h, c).   [Hochreiter 1997]
template <int In, int Hidden, int Layers = 1, bool Bias = true>
using LSTM = detail::Recurrent<"LSTM", detail::LstmStep, In, Hidden, Layers, Bias>;
/// One step of an LSTM.   auto [h, c] = cell(x, h, c);
template <int In, int Hidden, bool Bias = true>
using LSTMCell = detail::RecurrentCell<"LSTMCell", detail::LstmStep, In, Hidden, Bias>;

/// h = tanh(W x + b + V h + c), or another activation in place of tanh.   [Elman 1990]
template <int In, int Hidden, int Layers = 1, auto activation = Activation::tanh, bool Bias = true>
using RNN = detail::Recurrent<"RNN", detail::RnnStep<activation>, In, Hidden, Layers, Bias>;
/// One step of an RNN.   cell(x, h) : (B, In), (B, Hidden) -> (B, Hidden)
template <int In, int Hidden, auto activation = Activation::tanh, bool Bias = true>
using RNNCell = detail::RecurrentCell<"RNNCell", detail::RnnStep<activation>, In, Hidden, Bias>;

} // namespace kerf::nn
