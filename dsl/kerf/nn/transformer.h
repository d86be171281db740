// Blocks of transformers, and stacks of them.   [Vaswani 2017]
#pragma once

#include "kerf/nn/activation.h"
#include "kerf/nn/attention.h"
#include "kerf/nn/normalization.h"

namespace kerf::nn {

namespace detail {

/// The options of a call that an attention inside takes, by its own names.
template <Name mask, Name padding> auto masks_of(const auto &call) {
  const auto named = [&](const auto &from, const auto &to) {
    const auto value = option_or(call.options, from, NoOption());
    if constexpr (is_given<std::remove_cvref_t<decltype(value)>>)
      return to = value;
    else
      return value;
  };
  return call.with(option_set(named(option<mask>, option<"mask">),
                              named(option<padding>, option<"key_padding_mask">)));
}

/// linear2(activation(linear1(x))), with dropout between.
template <auto activation> auto feed_forward(const auto &layer, const auto &x, const auto &call) {
  let h(activated<activation>(layer.linear1(x, call.line)), call.line);
  return layer.linear2(call.part(0).drop(h, layer.dropout, "feed-forward"), call.line);
}

} // namespace detail

/// Self-attention and a feed-forward network, each added to what it is of and normalised behind the
/// sum, or with `NormFirst` before it.   x : (B, T, Features) -> the same
///
///     let y = layer(x, Mode::training, key, mask = nn::causal_mask<T>());
///     let z = layer(x, Mode::inference, option<"key_padding_mask"> = is_padding);
///
/// Masks are those of MultiheadAttention. A `dropout` of 0 needs neither mode nor key.
template <int Features, int Heads, int Feedforward = 2048, auto activation = Activation::relu,
          bool NormFirst = false, bool Bias = true>
struct TransformerEncoderLayer : Module {
  static constexpr int features = Features;
  MultiheadAttention<Features, Heads, Bias> self_attn;
  Linear<Features, Feedforward, Bias> linear1;
  Linear<Feedforward, Features, Bias> linear2;
  LayerNorm<Features, true, Bias> norm1, norm2;
  double dropout = 0.1;

  template <class A = detail::NoOption, class B = detail::NoOption, class C = detail::NoOption,
            class D = detail::NoOption>
  [[nodiscard]] auto operator()(const Operand auto &x, const A &a = {}, const B &b = {},
                                const C &c = {}, const D &d = {},
                                Line line = Line::current()) const {
    static constexpr Rule rule = takes<decltype(x), A, B, C, D>();
    KERF_CHECK(rule);
    if constexpr (!rule.ok)
      return detail::Nothing();
    else
      return run(x, detail::call_of(line, a, b, c, d));
  }

  template <class X, class... R> static constexpr Rule takes() {
    const Rule rest = detail::takes_rest<R...>(option<"mask">, option<"key_padding_mask">);
    return (rest.ok ? detail::has_tokens(shape_of<X>, Features, "input") : rest)
        .in("kerf: TransformerEncoderLayer: ");
  }

  auto run(const auto &given, const auto &call) const {
    const auto attention = [&](const auto &x) {
      return call.part(1).drop(
          self_attn.template to_itself<"TransformerEncoderLayer">(x, dropout, call.part(0)),
          dropout, "TransformerEncoderLayer");
    };
    const auto network = [&](const auto &x) {
      return call.part(3).drop(detail::feed_forward<activation>(*this, x, call.part(2)), dropout,
                               "TransformerEncoderLayer");
    };
    let x(given, call.line);
    if constexpr (NormFirst) {
      let h(x + attention(norm1(x, call.line)), call.line);
      let y(h + network(norm2(h, call.line)), call.line);
      return y;
    } else {
      let h(norm1(x + attention(x), call.line), call.line);
      let y(norm2(h + network(h), call.line), call.line);
      return y;
    }
  }
};

/// The same with attention to the rows of `memory` between the two.
/// x : (B, T, Features), memory : (B, S, Features) -> (B, T, Features)
///
///     let y = layer(x, memory, Mode::training, key, mask = nn::causal_mask<T>());
///
/// `mask` and `key_padding_mask` are of the attention of x to itself, `memory_mask` and
/// `memory_key_padding_mask` of that to memory.
template <int Features, int Heads, int Feedforward = 2048, auto activation = Activation::relu,
          bool NormFirst = false, bool Bias = true>
struct TransformerDecoderLayer : Module {
  static constexpr int features = Features;
  MultiheadAttention<Features, Heads, Bias> self_attn, multihead_attn;
  Linear<Features, Feedforward, Bias> linear1;
  Linear<Feedforward, Features, Bias> linear2;
  LayerNorm<Features, true, Bias> norm1, norm2, norm3;
  double dropout = 0.1;

  template <class A = detail::NoOption, class B = detail::NoOption, class C = detail::NoOption,
            class D = detail::NoOption, class E = detail::NoOption, class F = detail::NoOption>
  [[nodiscard]] auto operator()(const Operand auto &x, const Operand auto &memory, const A &a = {},
                                const B &b = {}, const C &c = {}, const D &d = {}, const E &e = {},
                                const F &f = {}, Line line = Line::current()) const {
    static constexpr Rule rule = takes<decltype(x), decltype(memory), A, B, C, D, E, F>();
    KERF_CHECK(rule);
    if constexpr (!rule.ok)
      return detail::Nothing();
    else
      return run(x, memory, detail::call_of(line, a, b, c, d, e, f));
  }

  template <class X, class M, class... R> static constexpr Rule takes() {
    Rule rule = detail::takes_rest<R...>(option<"mask">, option<"key_padding_mask">,
                                         option<"memory_mask">, option<"memory_key_padding_mask">);
    if (rule.ok)
      rule = detail::has_tokens(shape_of<X>, Features, "input");
    if (rule.ok && !rule.shape.is_poison())
      rule = detail::has_tokens(shape_of<M>, Features, "memory");
    return rule.in("kerf: TransformerDecoderLayer: ");
  }

  auto run(const auto &given, const auto &memory, const auto &call) const {
    const auto to_itself = [&](const auto &x) {
      const auto inner = detail::masks_of<"mask", "key_padding_mask">(call.part(0));
      return call.part(1).drop(
          self_attn.template to_itself<"TransformerDecoderLayer">(x, dropout, inner), dropout,
          "TransformerDecoderLayer");
    };
    const auto to_memory = [&](const auto &x) {
      const auto inner = detail::masks_of<"memory_mask", "memory_key_padding_mask">(call.part(2));
      return call.part(3).drop(
          multihead_attn.template to<"TransformerDecoderLayer">(x, memory, memory, dropout, inner),
          dropout, "TransformerDecoderLayer");
    };
    const auto network = [&](const auto &x) {
      return call.part(5).drop(detail::feed_forward<activation>(*this, x, call.part(4)), dropout,
                               "TransformerDecoderLayer");
    };
    let x(given, call.line);
    if constexpr (NormFirst) {
      let h(x + to_itself(norm1(x, call.line)), call.line);
      let seen(h + to_memory(norm2(h, call.line)), call.line);
      let y(seen + network(norm3(seen, call.line)), call.line);
      return y;
    } else {
      let h(norm1(x + to_itself(x), call.line), call.line);
      let seen(norm2(h + to_memory(h), call.line), call.line);
      let y(norm3(seen + network(seen), call.line), call.line);
      return y;
    }
  }
};

/// Layers one behind another, and with `Norm` a LayerNorm behind all. What a call has behind its
/// input goes to each layer, whose keys differ.   x : (B, T, features) -> the same
///
///     nn::TransformerEncoder<nn::TransformerEncoderLayer<64, 4, 256>, 6> encoder;
template <class Layer, int Layers, bool Norm = false> struct TransformerEncoder : Module {
  std::array<Layer, Layers> layers;
  Optional<LayerNorm<Layer::features>, Norm> norm;

  template <class A = detail::NoOption, class B = detail::NoOption, class C = detail::NoOption,
            class D = detail::NoOption>
  [[nodiscard]] auto operator()(const Operand auto &x, const A &a = {}, const B &b = {},
                                const C &c = {}, const D &d = {},
                                Line line = Line::current()) const {
    static constexpr Rule rule = Layer::template takes<decltype(x), A, B, C, D>();
    KERF_CHECK(rule);
    if constexpr (!rule.ok) {
      return detail::Nothing();
    } else {
      const auto call = detail::call_of(line, a, b, c, d);
      let y(x, line);
      for (std::size_t i = 0; i < layers.size(); ++i)
        y = layers[i].run(y, call.part(std::int64_t(i)));
      if constexpr (Norm)
        y = norm(y, line);
      return y;
    }
  }
};

/// The same of decoder layers, all of which see the same memory.
/// x : (B, T, features), memory : (B, S, features) -> (B, T, features)
template <class Layer, int Layers, bool Norm = false> struct TransformerDecoder : Module {
  std::array<Layer, Layers> layers;
  Optional<LayerNorm<Layer::features>, Norm> norm;

  template <class A = detail::NoOption, class B = detail::NoOption, class C = detail::NoOption,
            class D = detail::NoOption, class E = detail::NoOption, class F = detail::NoOption>
  [[nodiscard]] auto operator()(const Operand auto &x, const Operand auto &memory, const A &a = {},
                                const B &b = {}, const C &c = {}, const D &d = {}, const E &e = {},
                                const F &f = {}, Line line = Line::current()) const {
    static constexpr Rule rule =
        Layer::template takes<decltype(x), decltype(memory), A, B, C, D, E, F>();
    KERF_CHECK(rule);
    if constexpr (!rule.ok) {
      return detail::Nothing();
    } else {
      const auto call = detail::call_of(line, a, b, c, d, e, f);
      let rows(memory, line);
      let y(x, line);
      for (std::size_t i = 0; i < layers.size(); ++i)
        y = layers[i].run(y, rows, call.part(std::int64_t(i)));
      if constexpr (Norm)
        y = norm(y, line);
      return y;
    }
  }
};

} // namespace kerf::nn
