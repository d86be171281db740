// Attention of queries to keys, in several heads, between linear layers.
#pragma once

#include "kerf/attention.h"
#include "kerf/nn/dropout.h"
#include "kerf/nn/linear.h"

#include <optional>

namespace kerf::nn {

namespace detail {

/// What a call was given behind its inputs: a mode, a key, options by name.
template <class K, class Set> struct Call {
  std::optional<Mode> mode;
  K key;
  Set options;
  Line line;

  /// The same for a part, which draws from the n-th key.
  auto part(std::int64_t n) const {
    if constexpr (std::is_same_v<K, NoKey>)
      return *this;
    else
      return Call{mode, Key(fold(key, n), line), options, line};
  }
  /// The same with other options.
  template <class Other> auto with(const Other &other) const {
    return Call<K, Other>{mode, key, other, line};
  }
  /// Does a part with dropout of probability p draw? Ends the program if it does not know, or
  /// cannot.
  bool draws(double p, std::string_view layer) const {
    if (p != 0 && !mode) {
      char digits[32];
      std::snprintf(digits, sizeof digits, "%g", p);
      Text text;
      stop(line, text << layer << ": with dropout " << digits
                      << " a call has a mode: (x, Mode::inference), or (x, Mode::training, key)");
    }
    return p != 0 && must_draw<K>(p, *mode, layer, line);
  }
  /// Dropout of x with probability p, and of nothing if p is 0.
  template <class X> auto drop(const X &x, double p, std::string_view layer) const {
    let y(x, line);
    if (draws(p, layer))
      y = dropped<"dropout", shape_of<decltype(y)>>(y, p, key, line);
    return y;
  }
};

template <class X> constexpr bool is_key() {
  if constexpr (Operand<X>)
    return std::is_same_v<element_of<X>, u32> && shape_of<X> == Shape::of(2);
  else
    return false;
}

/// Is each R the mode, a key or one of these options?
template <class... R, class... O> constexpr Rule takes_rest(const O &...options) {
  Rule rule = Shape{};
  const auto check = [&]<class One>(std::type_identity<One>) {
    if (!rule.ok || std::is_same_v<One, Mode> || is_key<One>() || std::is_same_v<One, NoOption>)
      return;
    if constexpr (is_option<One>)
      rule = options_rule<One>(options...);
    else
      rule = fail("behind its inputs it takes a Mode, a Key, and options by name");
  };
  (check(std::type_identity<R>()), ...);
  return rule.ok ? options_rule<std::conditional_t<is_option<R>, R, NoOption>...>(options...)
                 : rule;
}

/// The key among what stands behind the inputs.
inline NoKey key_among(Line) { return {}; }
template <class First, class... R> auto key_among(Line line, const First &first, const R &...rest) {
  if constexpr (is_key<First>())
    return Key(first, line);
  else
    return key_among(line, rest...);
}

/// The Call of what stands behind the inputs.
template <class... R> auto call_of(Line line, const R &...rest) {
  std::optional<Mode> mode;
  const auto find_mode = [&](const auto &one) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(one)>, Mode>)
      mode = one;
  };
  (find_mode(rest), ...);
  const auto options = option_set(rest...);
  using Set = std::remove_cvref_t<decltype(options)>;
  const auto key = key_among(line, rest...);
  return Call<std::remove_const_t<decltype(key)>, Set>{mode, key, options, line};
}

/// Tokens of [B, T, features].
constexpr Rule has_tokens(const Shape &x, std::int64_t features, std::string_view which) {
  if (!x.is_poison() && (x.rank != 3 || !(x[2] == Dim(features))))
    return fail("the ", which, " must be [B, T, ", features, "], got ", x);
  return x;
}

/// A mask of [T, S], [B, T, S] or [B, H, T, S], each 1 where it is for all, as of rank 4.
constexpr Rule as_mask(const Shape &mask, const Shape &scores) {
  if (mask.is_poison() || scores.is_poison())
    return Shape::poison();
  Shape result = mask;
  if (mask.rank == 3)
    result = Shape::of(mask[0], 1, mask[1], mask[2]);
  const Rule together = rule::broadcast_together(result, scores);
  if (mask.rank < 2 || mask.rank > 4 || !together.ok || !(together.shape == scores))
    return fail("the mask ", mask, " is none of the scores ", scores, ", [B, heads, T, S]");
  return result;
}

template <class M> inline constexpr bool is_given = !std::is_same_v<M, NoOption>;
template <class M>
inline constexpr bool is_truths = [] {
  if constexpr (Operand<M>)
    return std::is_same_v<element_of<M>, i1>;
  else
    return false;
}();

/// Is M a mask of scores of this shape: truths, true where nothing is seen, or numbers to add?
template <class M> constexpr Rule takes_mask(const Shape &scores) {
  if constexpr (!is_given<M>)
    return Shape{};
  else if constexpr (!Operand<M>)
    return fail("the mask must be a tensor of i1 or f32");
  else if (!std::is_same_v<element_of<M>, i1> && !std::is_same_v<element_of<M>, f32>)
    return fail("the mask must be i1 or f32, got ", spell(dtype_of<element_of<M>>));
  else
    return as_mask(shape_of<M>, scores);
}
template <class M> constexpr Rule takes_padding(const Shape &scores) {
  if constexpr (!is_given<M>)
    return Shape{};
  else if constexpr (!Operand<M>)
    return fail("the key padding mask must be a tensor of i1");
  else if (!std::is_same_v<element_of<M>, i1> || !(shape_of<M> == Shape::of(scores[0], scores[3])))
    return fail("the key padding mask must be i1 of ", Shape::of(scores[0], scores[3]), ", got ",
                spell(dtype_of<element_of<M>>), " of ", shape_of<M>);
  else
    return Shape{};
}

/// What a mask and one of padding are to attention, where true is what is seen: an option, or none.
template <Shape scores, class M, class P> auto seen_option(const M &mask, const P &padding) {
  if constexpr (is_truths<M> && is_given<P>) {
    const auto seen = seen_option<scores>(mask, NoOption());
    const auto present = seen_option<scores>(NoOption(), padding);
    return kerf::mask = masks::of(seen.value) && present.value;
  } else if constexpr (is_truths<M>) {
    return kerf::mask = !make<op::reshape, i1, as_mask(shape_of<M>, scores).shape>(mask);
  } else if constexpr (is_given<P>) {
    return kerf::mask = masks::key_padding(static_cast<const stored_t<P> &>(padding));
  } else {
    return NoOption();
  }
}
/// A mask of numbers, which are added.
template <Shape scores, class M> auto added_option(const M &mask) {
  if constexpr (!is_given<M> || is_truths<M>)
    return NoOption();
  else
    return score = make<op::reshape, element_of<M>, as_mask(shape_of<M>, scores).shape>(mask);
}

/// softmax(q k^T / sqrt(d)) v of each head.   q : (B, T, E), k, v : (B, S, E) -> (B, T, E)
template <std::int64_t heads, class M, class P>
auto attend(const Operand auto &queries, const Operand auto &keys, const Operand auto &values,
            const M &mask, const P &padding, double p, const auto &call) {
  const Line line = call.line;
  let q(rearrange<"b t (h d) -> b h t d", size<"h">(heads)>(queries), line);
  let k(rearrange<"b s (h d) -> b h s d", size<"h">(heads)>(keys), line);
  let v(rearrange<"b s (h d) -> b h s d", size<"h">(heads)>(values), line);
  constexpr Shape scores = with_extent(shape_of<decltype(q)>, 3, shape_of<decltype(k)>[2]);
  const auto seen = seen_option<scores>(mask, padding);
  const auto added = added_option<scores>(mask);
  const double rate = call.draws(p, "MultiheadAttention") ? p : 0;
  const auto mixed = [&] {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(call.key)>, NoKey>)
      return attention_of(line, q, k, v, seen, added).output;
    else
      return attention_of(line, q, k, v, seen, added, dropout = rate, key = call.key).output;
  }();
  let y(rearrange<"b h t d -> b t (h d)">(mixed), line);
  return y;
}

/// U(-b, b), b = sqrt(6 / (in + out))   [Glorot 2010]
inline Init glorot(std::int64_t in, std::int64_t out) {
  const double bound = std::sqrt(6 / double(in + out));
  return init::uniform(-bound, bound);
}

/// A layer whose bias begins at 0.
template <class Layer> Layer unbiased() {
  Layer layer;
  if constexpr (Operand<decltype(layer.bias)>)
    layer.bias.init = init::zeros();
  return layer;
}

/// What is wrong with queries, keys and values.
template <class Q, class K, class V, class M, class P>
constexpr Rule attends(std::int64_t features, std::int64_t heads, std::int64_t key_features,
                       std::int64_t value_features) {
  if (heads < 1 || features % heads != 0)
    return fail(features, " features are not divisible by ", heads, " heads");
  const Shape &q = shape_of<Q>, &k = shape_of<K>, &v = shape_of<V>;
  for (const Rule &rule : {takes_f32<Q>(has_tokens(q, features, "queries")),
                           takes_f32<K>(has_tokens(k, key_features, "keys")),
                           takes_f32<V>(has_tokens(v, value_features, "values"))})
    if (!rule.ok || rule.shape.is_poison())
      return rule;
  if (!(q[0] == k[0]) || !(k[0] == v[0]) || !(k[1] == v[1]))
    return fail("queries ", q, ", keys ", k, " and values ", v,
                " differ in their batches, or keys and values in number");
  const Shape scores = Shape::of(q[0], heads, q[1], k[1]);
  const Rule mask = takes_mask<M>(scores);
  return mask.ok ? takes_padding<P>(scores) : mask;
}

} // namespace detail

/// A causal mask, true where the key is later than the query.   -> i1 (T, T)
template <Dim T> auto causal_mask() {
  const auto place = detail::make<op::iota, i64, Shape::of(T)>();
  return place > detail::make<op::reshape, i64, Shape::of(T, 1)>(place);
}

/// softmax(q k^T / sqrt(Features / Heads)) v of each head, between linear layers.
/// query : (B, T, Features), key : (B, S, KeyFeatures), value : (B, S, ValueFeatures)
/// -> (B, T, Features)   [Vaswani 2017, 3.2.2]
///
///     let y = attention(x, mask = nn::causal_mask<T>()); // of x to itself
///     let z = attention(x, memory, memory, option<"key_padding_mask"> = is_padding);
///
/// A mask of i1 is true where nothing is seen, as in PyTorch; one of f32 is added. It is [T, S], or
/// [B, T, S] or [B, Heads, T, S] with extents of 1 for all; the key padding mask is i1 (B, S). A
/// query that sees nothing gives 0, PyTorch's gives NaN. With `dropout`, of the weights, a call has
/// a mode and in training a key: attention(x, Mode::training, key).
template <int Features, int Heads, bool Bias = true, int KeyFeatures = Features,
          int ValueFeatures = Features>
struct MultiheadAttention : Module {
  static constexpr bool is_packed = KeyFeatures == Features && ValueFeatures == Features;
  Optional<Param<f32, Features, Features>, !is_packed> q_proj_weight =
      detail::glorot(Features, Features);
  Optional<Param<f32, Features, KeyFeatures>, !is_packed> k_proj_weight =
      detail::glorot(KeyFeatures, Features);
  Optional<Param<f32, Features, ValueFeatures>, !is_packed> v_proj_weight =
      detail::glorot(ValueFeatures, Features);
  Optional<Param<f32, 3 * Features, Features>, is_packed> in_proj_weight =
      detail::glorot(Features, 3 * Features);
  Optional<Param<f32, 3 * Features>, Bias> in_proj_bias = init::zeros();
  Linear<Features, Features, Bias> out_proj = detail::unbiased<Linear<Features, Features, Bias>>();
  double dropout = 0;

  template <class A = detail::NoOption, class B = detail::NoOption, class C = detail::NoOption,
            class D = detail::NoOption>
    requires(!Operand<A> || detail::is_key<A>())
  [[nodiscard]] auto operator()(const Operand auto &x, const A &a = {}, const B &b = {},
                                const C &c = {}, const D &d = {},
                                Line line = Line::current()) const {
    static constexpr Rule rule =
        detail::takes_rest<A, B, C, D>(option<"mask">, option<"key_padding_mask">)
            .in("kerf: MultiheadAttention: ");
    KERF_CHECK(rule);
    if constexpr (!rule.ok)
      return detail::Nothing();
    else
      return to_itself(x, dropout, detail::call_of(line, a, b, c, d));
  }

  template <class A = detail::NoOption, class B = detail::NoOption, class C = detail::NoOption,
            class D = detail::NoOption>
  [[nodiscard]] auto operator()(const Operand auto &query, const Operand auto &key,
                                const Operand auto &value, const A &a = {}, const B &b = {},
                                const C &c = {}, const D &d = {},
                                Line line = Line::current()) const {
    static constexpr Rule rule =
        detail::takes_rest<A, B, C, D>(option<"mask">, option<"key_padding_mask">)
            .in("kerf: MultiheadAttention: ");
    KERF_CHECK(rule);
    if constexpr (!rule.ok)
      return detail::Nothing();
    else
      return to(query, key, value, dropout, detail::call_of(line, a, b, c, d));
  }

  /// The calls of layers around this one, which have a dropout of their own.
  template <Name user = "MultiheadAttention">
  auto to_itself(const auto &x, double p, const auto &call) const {
    static_assert(is_packed, "kerf: MultiheadAttention: keys and values of other features than the "
                             "queries: call it with all three");
    using X = std::remove_cvref_t<decltype(x)>;
    if constexpr (!are_right<user, X, X, X, decltype(call)>) {
      return detail::Nothing();
    } else {
      const Scope scope(in_proj_weight);
      constexpr Ints none, last = Ints::of(2), inputs = Ints::of(1);
      let all(detail::plus(contract<none, none, last, inputs>(x, in_proj_weight), in_proj_bias),
              call.line);
      let q(detail::cut_out<2, 0, Dim(Features)>(all), call.line);
      let k(detail::cut_out<2, Features, Dim(2 * Features)>(all), call.line);
      let v(detail::cut_out<2, 2 * Features, Dim(3 * Features)>(all), call.line);
      return attended(q, k, v, p, call);
    }
  }
  template <Name user = "MultiheadAttention">
  auto to(const auto &query, const auto &key, const auto &value, double p, const auto &call) const {
    using Q = std::remove_cvref_t<decltype(query)>;
    if constexpr (!are_right<user, Q, decltype(key), decltype(value), decltype(call)>) {
      return detail::Nothing();
    } else {
      const Scope scope(out_proj.weight);
      return attended(projected<0>(query, call.line), projected<1>(key, call.line),
                      projected<2>(value, call.line), p, call);
    }
  }

private:
  template <class Call, Name name>
  using OptionOfCall =
      decltype(detail::option_or(std::declval<Call>().options, option<name>, detail::NoOption()));

  /// Says what is wrong with the inputs of a call; the type that it gives, whether they are right.
  template <Name user, class Q, class K, class V, class Call> static auto require_right() {
    static constexpr Rule rule =
        detail::attends<Q, K, V, std::remove_cvref_t<OptionOfCall<Call, "mask">>,
                        std::remove_cvref_t<OptionOfCall<Call, "key_padding_mask">>>(
            Features, Heads, KeyFeatures, ValueFeatures)
            .in(detail::prefix_of<user>);
    KERF_CHECK(rule);
    return std::bool_constant<rule.ok && !shape_of<Q>.is_poison() && !shape_of<K>.is_poison() &&
                              !shape_of<V>.is_poison()>();
  }
  template <Name user, class Q, class K, class V, class Call>
  static constexpr bool are_right = decltype(require_right<user, Q, K, V, Call>())::value;

  /// x times the part of the weights for the queries, keys or values.
  template <int part> auto projected(const auto &x, Line line) const {
    constexpr Ints none, last = Ints::of(2), inputs = Ints::of(1);
    constexpr std::int64_t from = part * Features, to = from + Features;
    const auto times = [&](const auto &weight) {
      const auto y = contract<none, none, last, inputs>(x, weight);
      if constexpr (Bias)
        return let(y + detail::cut_out<0, from, Dim(to)>(in_proj_bias), line);
      else
        return let(y, line);
    };
    if constexpr (is_packed)
      return times(detail::cut_out<0, from, Dim(to)>(in_proj_weight));
    else if constexpr (part == 0)
      return times(q_proj_weight);
    else if constexpr (part == 1)
      return times(k_proj_weight);
    else
      return times(v_proj_weight);
  }

  auto attended(const auto &q, const auto &k, const auto &v, double p, const auto &call) const {
    const auto mask = detail::option_or(call.options, option<"mask">, detail::NoOption());
    const auto padding =
        detail::option_or(call.options, option<"key_padding_mask">, detail::NoOption());
    return out_proj(detail::attend<Heads>(q, k, v, mask, padding, p, call), call.line);
  }
};

} // namespace kerf::nn
