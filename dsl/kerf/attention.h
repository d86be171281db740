// Attention, of any mask and any scores, written out: softmax(scores of queries and keys) @ values.
// The compiler makes one op of what stands here, and of the same written by hand.
#pragma once

#include "kerf/attention_masks.h"
#include "kerf/attention_scores.h"
#include "kerf/random.h"
#include "kerf/shapes.h"

namespace kerf {

/// What queries times keys are multiplied by, a number. Default: 1 / sqrt(features).
inline constexpr auto &scale = option<"scale">;
/// What scores become before the mask: one of kerf::scores or several, joined by |; a tensor that
/// is added; a function of (s), (s, i, j), (s, h, i, j) or (s, b, h, i, j).
inline constexpr auto &score = option<"score">;
/// Scores s become c tanh(s / c) before all else; c.
inline constexpr auto &softcap = option<"softcap">;
/// A score of each head that takes its part of the softmax, and has no value. (heads)
inline constexpr auto &sinks = option<"sinks">;
/// How many of the weights are dropped, drawn by `key`; a number in [0, 1].
inline constexpr auto &dropout = option<"dropout">;

/// What attention gives: of queries (b…, M, D), keys (b…, N, D), values (b…, N, E).
template <class T, Shape O, Shape S> struct Attended {
  TensorOf<T, O> output;                                            ///< (b…, M, E)
  TensorOf<computed_t<T>, detail::without_axis(S, S.rank - 1)> lse; ///< (b…, M)
  TensorOf<computed_t<T>, S> weights;                               ///< (b…, M, N)
};

namespace detail {

/// Do the batch axes of keys or values fit those of queries: equal, 1, or of the heads a divisor?
constexpr Rule shares_batch(const Shape &q, const Shape &x, std::string_view which) {
  if (q.rank != x.rank)
    return fail("queries ", q, " and ", which, " ", x, " differ in their number of axes");
  for (int axis = 0; axis < q.rank - 2; ++axis) {
    const bool are_heads = axis == q.rank - 3;
    if (q[axis] == x[axis] || x[axis] == Dim(1))
      continue;
    if (are_heads && divide(q[axis], x[axis]).exists)
      continue;
    if (are_heads)
      return fail(q[axis], " heads of queries ", q, " are no multiple of the ", x[axis],
                  " heads of ", which, " ", x);
    return fail("axis ", axis, " of ", which, " ", x, " is neither 1 nor that of the queries ", q);
  }
  return q;
}

/// The shape of the scores of queries and keys, or what is wrong with these and the values.
template <class Q, class K, class V> constexpr Rule scores_rule() {
  const Shape &q = shape_of<Q>, &k = shape_of<K>, &v = shape_of<V>;
  if (q.is_poison() || k.is_poison() || v.is_poison())
    return Shape::poison();
  if (!is_float<element_of<Q>>)
    return fail("queries must be f32, f64, bf16 or f16, got ", spell(dtype_of<element_of<Q>>));
  if (q.rank < 2)
    return fail("queries are [batch..., heads, queries, features], got ", q);
  for (const Rule &rule : {shares_batch(q, k, "keys"), shares_batch(q, v, "values"),
                           equal_types<Q, K>(q), equal_types<Q, V>(q)})
    if (!rule.ok)
      return rule;
  if (q[-1].is_named())
    return fail("the number of features must be known, got ", q);
  if (!(q[-1] == k[-1]))
    return fail("queries have ", q[-1], " features, keys ", k[-1], ", in ", q, " and ", k);
  if (!(k[-2] == v[-2]))
    return fail(k[-2], " keys but ", v[-2], " values, in ", k, " and ", v);
  return with_extent(q, q.rank - 1, k[-2]);
}

/// The options of attention, as they are given.
template <class... Options> struct AttentionChoices {
  using Set = decltype(option_set(std::declval<Options>()...));
  using Sinks = OptionValue<Set, "sinks">;
  template <Name name>
  static constexpr bool has = !std::is_same_v<OptionValue<Set, name>, NoOption>;
  template <Name name> static constexpr Rule is_number() {
    if (has<name> && !Scalar<OptionValue<Set, name>>)
      return fail(name.view(), " is a number that is known when the model is compiled");
    return Shape{};
  }
};
template <class T, class... Options> constexpr Rule attention_options(const Rule &scores) {
  const Rule names = options_rule<Options...>(scale, mask, score, softcap, sinks, dropout, key);
  if (!names.ok || scores.shape.is_poison())
    return names.ok ? scores : names;
  using Asked = AttentionChoices<Options...>;
  if (Asked::template has<"dropout"> != Asked::template has<"key">)
    return Asked::template has<"key"> ? fail("a key is for dropout, which is not given")
                                      : fail("dropout draws from a key: give key = ...");
  for (const Rule &rule :
       {Asked::template is_number<"scale">(), Asked::template is_number<"softcap">(),
        Asked::template is_number<"dropout">()})
    if (!rule.ok)
      return rule;
  using Sinks = typename Asked::Sinks;
  if constexpr (Operand<Sinks>) {
    const Shape &s = scores.shape, &sinks = shape_of<Sinks>;
    const bool is_heads = sinks.rank == 1 && s.rank > 2 && sinks[0] == s[s.rank - 3];
    if (!sinks.is_poison() &&
        ((!(sinks == Shape{}) && !is_heads) || !std::is_same_v<element_of<Sinks>, computed_t<T>>))
      return fail("sinks are ", spell(dtype_of<computed_t<T>>), " [heads], got ",
                  spell(dtype_of<element_of<Sinks>>), " ", sinks, " beside scores of ", s);
  }
  return scores;
}

/// Keys or values with the batch axes of the queries: each head of them beside all of its queries.
template <Shape batch> auto for_heads(const Operand auto &x, Line line) {
  constexpr Shape S = shape_of<decltype(x)>;
  constexpr int heads = S.rank - 3;
  if constexpr (S.rank > 2 && !(S[heads] == batch[heads]) && !(S[heads] == Dim(1))) {
    constexpr Dim group = divide(batch[heads], S[heads]).dim;
    let grouped(repeat_elements<heads, group>(x), line);
    return for_heads<batch>(grouped, line);
  } else {
    constexpr Shape whole = with_extent(with_extent(batch, S.rank - 1, S[-1]), S.rank - 2, S[-2]);
    return let(stretch<whole>(x), line);
  }
}

/// The scores of queries and keys: scaled, capped, changed, -inf where nothing is seen.
template <class Set> auto scores_of(const auto &q, const auto &k, const Set &options, Line line) {
  constexpr int batch = shape_of<decltype(q)>.rank - 2;
  constexpr Ints same = Ints::iota(batch), last = Ints::of(batch + 1);
  const double features = double(shape_of<decltype(q)>[-1].value);
  const double factor = number_or<"attention">(options, scale, 1 / std::sqrt(features), line);
  let products(contract<same, same, last, last>(q, k), line);
  let scaled(factor * products, line);
  const Places<shape_of<decltype(scaled)>> at{line};
  const auto capped = [&] {
    if constexpr (std::is_same_v<OptionValue<Set, "softcap">, NoOption>)
      return scaled;
    else
      return scores::softcap(number_or<"attention">(options, softcap, 0, line), line)
          .changed(scaled, at);
  }();
  const auto changed = [&] {
    if constexpr (std::is_same_v<OptionValue<Set, "score">, NoOption>)
      return capped;
    else
      return changed_at(value_of(options, score), capped, at);
  }();
  if constexpr (std::is_same_v<OptionValue<Set, "mask">, NoOption>)
    return changed;
  else
    return let(select(seen_at(value_of(options, mask), at), changed,
                      -std::numeric_limits<double>::infinity()),
               line);
}

/// The weights that are left by dropout.
template <class Set> auto dropped_weights(const auto &weights, const Set &options, Line line) {
  TensorOf<element_of<decltype(weights)>, shape_of<decltype(weights)>> left = weights;
  if constexpr (!std::is_same_v<OptionValue<Set, "dropout">, NoOption>)
    if (const double p = number_or<"attention">(options, dropout, 0, line); p != 0)
      left = dropped<"attention", shape_of<decltype(weights)>>(weights, p, value_of(options, key),
                                                               line);
  return left;
}

/// Attention written out. A row of nothing but -inf has weights 0, from which nothing flows back:
/// its largest score counts as the lowest finite number, and its sum as 1.
template <Shape S, class T, class Set>
auto attended(const auto &queries, const auto &keys, const auto &values, const Set &options,
              Line line) {
  using Wide = computed_t<T>;
  constexpr int batch = S.rank - 2;
  let q(widened(queries), line);
  const auto k = for_heads<S>(widened(keys), line);
  const auto v = for_heads<S>(widened(values), line);
  const auto s = scores_of(q, k, options, line);
  let most(stop_gradient(maximum(max<-1, keep>(s), std::numeric_limits<Wide>::lowest())), line);
  let e(exp(s - most), line);
  let total(sum<-1, keep>(e), line);
  let is_empty(total == 0, line);
  let whole(select(is_empty, 1, total), line);
  let softmaxed(e / whole, line);
  const auto weights = dropped_weights(softmaxed, options, line);
  constexpr Ints same = Ints::iota(batch);
  let mixed(contract<same, same, Ints::of(batch + 1), Ints::of(batch)>(weights, v), line);
  constexpr Shape rows = without_axis(S, S.rank - 1);
  const auto lse = [&] {
    return select(is_empty, -std::numeric_limits<double>::infinity(), log(whole) + most);
  };
  using Result = Attended<T, shape_of<decltype(mixed)>, S>;
  if constexpr (std::is_same_v<OptionValue<Set, "sinks">, NoOption>) {
    return Result{let(narrowed<T>(mixed), line), let(reshaped<rows>(lse()), line), weights};
  } else {
    // With a score more in its sum a softmax is the same times the part of the other ones.
    const auto sink = per_head(Places<S>{line}, value_of(options, sinks));
    let above(lse() - sink, line);
    let part(sigmoid(above), line);
    return Result{let(narrowed<T>(mixed * part), line),
                  let(reshaped<rows>(sink + softplus(above)), line), let(weights * part, line)};
  }
}

template <class Q, class K, class V, class... Options>
auto attention_of(Line line, const Q &q, const K &k, const V &v, const Options &...options) {
  static constexpr Rule rule =
      attention_options<element_of<Q>, Options...>(scores_rule<Q, K, V>()).in("kerf: attention: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison())
    return Attended<f32, Shape::poison(), Shape::poison()>();
  else
    return attended<rule.shape, element_of<Q>>(q, k, v, option_set(options...), line);
}

} // namespace detail

/// softmax(s) @ v with s = q.k / sqrt(D) of each query and key, over the keys that are seen.
/// Options: scale, mask, score, softcap, sinks, dropout with key. q : (batch…, M, D),
/// k : (batch…, N, D), v : (batch…, N, E) -> (batch…, M, E)   [Vaswani 2017, 3.2.1; Dao 2022]
///
///     let y = attention(q, k, v, mask = masks::causal, score = scores::alibi(slopes));
///     let z = attention(q, k, v, mask = [](auto i, auto j) { return i - j < 64 && j <= i; });
///
/// The last axis of the batch is that of heads; keys and values may have fewer, of which each is
/// that of as many queries' heads in a row, and 1 on other axes [Ainslie 2023]. A query that sees
/// no key gives 0, and nothing flows back from it. Scores, their sums and lse are f32 of narrow
/// floats.
template <Operand Q, Operand K, Operand V, class O1 = detail::NoOption, class O2 = detail::NoOption,
          class O3 = detail::NoOption, class O4 = detail::NoOption, class O5 = detail::NoOption,
          class O6 = detail::NoOption, class O7 = detail::NoOption>
[[nodiscard]] auto attention(const Q &q, const K &k, const V &v, const O1 &o1 = {},
                             const O2 &o2 = {}, const O3 &o3 = {}, const O4 &o4 = {},
                             const O5 &o5 = {}, const O6 &o6 = {}, const O7 &o7 = {},
                             Line line = Line::current()) {
  return detail::attention_of(line, q, k, v, o1, o2, o3, o4, o5, o6, o7).output;
}

/// The same, with what it is made of: `output`, `lse` (batch…, M), the logarithm of each query's
/// sum of e^s, -inf where nothing is seen, and `weights` (batch…, M, N), those of the values. What
/// is not used is not made.
///
///     auto [y, lse, weights] = attention_parts(q, k, v, mask = masks::causal);
template <Operand Q, Operand K, Operand V, class O1 = detail::NoOption, class O2 = detail::NoOption,
          class O3 = detail::NoOption, class O4 = detail::NoOption, class O5 = detail::NoOption,
          class O6 = detail::NoOption, class O7 = detail::NoOption>
[[nodiscard]] auto attention_parts(const Q &q, const K &k, const V &v, const O1 &o1 = {},
                                   const O2 &o2 = {}, const O3 &o3 = {}, const O4 &o4 = {},
                                   const O5 &o5 = {}, const O6 &o6 = {}, const O7 &o7 = {},
                                   Line line = Line::current()) {
  return detail::attention_of(line, q, k, v, o1, o2, o3, o4, o5, o6, o7);
}

} // namespace kerf
