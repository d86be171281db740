// What attention makes of its scores: `score = scores::softcap(30) | scores::alibi(slopes)`.
#pragma once

#include "kerf/attention_places.h"

#include <cmath>

namespace kerf {

namespace types {

/// A change of scores: `changed(s, places)` is what they then are. Changes follow one another by |,
/// also with tensors, which are added, and with functions.
template <class F> struct Score {
  F changed;
};
template <class F> Score(const F &) -> Score<F>;

} // namespace types

namespace detail {

template <class> inline constexpr bool is_score = false;
template <class F> inline constexpr bool is_score<types::Score<F>> = true;

/// Is X a tensor of T that stretches to scores?
template <class X, class T> constexpr Rule score_tensor(const Shape &scores) {
  const Shape &x = shape_of<X>;
  if (x.is_poison() || scores.is_poison())
    return Shape::poison();
  if (!std::is_same_v<element_of<X>, T>)
    return fail("scores are ", spell(dtype_of<T>), ", but what changes them is ",
                spell(dtype_of<element_of<X>>), " ", x, "; use cast<", spell(dtype_of<T>), ">()");
  const Rule together = rule::broadcast_together(x, scores);
  if (!together.ok || !(together.shape == scores))
    return fail("what changes scores, ", x, ", does not stretch to them, ", scores);
  return x;
}
/// Is what a function gives such a tensor?
template <class Y, class T> constexpr Rule score_function(const Shape &scores) {
  if constexpr (Operand<Y>)
    return score_tensor<Y, T>(scores);
  else
    return fail("a function that changes scores gives a tensor of them");
}
template <class F, class S, class At> constexpr Rule score_rule() {
  if constexpr (is_score<F>)
    return At::shape;
  else if constexpr (Operand<F>)
    return score_tensor<F, element_of<S>>(At::shape);
  else if constexpr (indices_taken<F, At, S> < 0)
    return fail("score is one of kerf::scores, a tensor to add, or a function of (s), (s, i, j), "
                "(s, h, i, j) or (s, b, h, i, j)");
  else
    return score_function<decltype(at_places(std::declval<F>(), std::declval<At>(),
                                             std::declval<S>())),
                          element_of<S>>(At::shape);
}

/// Scores changed by one of kerf::scores, a tensor or a function.
template <class F, class S, class At> auto changed_at(const F &score, const S &s, const At &at) {
  static constexpr Rule rule = score_rule<F, S, At>().in("kerf: attention: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison())
    return TensorOf<element_of<S>, Shape::poison()>();
  else if constexpr (is_score<F>)
    return score.changed(s, at);
  else if constexpr (Operand<F>)
    return let(s + score, at.line);
  else
    return TensorOf<element_of<S>, At::shape>(stretch<At::shape>(at_places(score, at, s)), at.line);
}

/// A number, or a tensor (heads), as one that stretches to scores; any other stretches as it is.
template <class At, class X> auto per_head(const At &, const X &x) {
  if constexpr (!Operand<X>)
    return x;
  else if constexpr (shape_of<X>.rank == 1 && At::batch_rank > 0)
    return reshaped<Shape::of(shape_of<X>[0], 1, 1)>(static_cast<const stored_t<X> &>(x));
  else
    return static_cast<const stored_t<X> &>(x);
}

/// The bucket of T5 of a key `distance` places behind the query: half of the buckets (of both
/// sides, a quarter) for as many distances, the others of growing width up to `most`. What is
/// within 1e-6 of the next counts as there.
inline std::int64_t t5_bucket(std::int64_t distance, std::int64_t buckets, double most,
                              bool is_bidirectional) {
  std::int64_t first = 0, away = -distance; // keys before the query are at positive `away`
  if (is_bidirectional) {
    buckets /= 2;
    first = away < 0 ? buckets : 0;
    away = away < 0 ? -away : away;
  } else if (away < 0) {
    away = 0;
  }
  const std::int64_t exact = buckets / 2;
  if (away < exact)
    return first + away;
  const double share = std::log(double(away) / double(exact)) / std::log(most / double(exact));
  const std::int64_t further = exact + std::int64_t(share * double(buckets - exact) + 1e-6);
  return first + (further < buckets ? further : buckets - 1);
}

/// A table of distances, of buckets of them, or of an index of pairs, beside scores.
constexpr Rule distances_rule(const Shape &x, const Shape &scores) {
  const Dim distances = scores[-1] + scores[-2] + Dim(-1);
  if (x.is_poison() || scores.is_poison())
    return Shape::poison();
  if (x.rank < 1 || x.rank > 2 || !(x[-1] == distances) ||
      (x.rank == 2 && !(x[0] == Dim(1)) && (scores.rank < 3 || !(x[0] == scores[scores.rank - 3]))))
    return fail("a table of distances is [heads, M + N - 1], got ", x, " beside scores of ",
                scores);
  return x;
}
constexpr Rule buckets_rule(const Shape &x, const Shape &scores, bool is_bidirectional) {
  if (x.is_poison() || scores.is_poison())
    return Shape::poison();
  if (scores.rank < 3 || x.rank != 2 || !(x[1] == scores[scores.rank - 3]))
    return fail("a table is [buckets, heads], got ", x, " beside scores of ", scores);
  if (scores[-1].is_named() || scores[-2].is_named() || x[0].is_named())
    return fail("queries, keys and buckets must be numbers, got ", scores, " and ", x);
  if (x[0].value < (is_bidirectional ? 4 : 2))
    return fail("needs ", is_bidirectional ? 4 : 2, " buckets or more, got ", x);
  return x;
}
constexpr Rule index_rule(const Shape &x, const Shape &i, const Shape &scores) {
  if (x.is_poison() || i.is_poison() || scores.is_poison())
    return Shape::poison();
  if (scores.rank < 3 || x.rank != 2 || !(x[1] == scores[scores.rank - 3]) ||
      !(i == Shape::of(scores[-2], scores[-1])))
    return fail("needs a table of [rows, heads] and an index of [queries, keys], got ", x, " and ",
                i, " beside scores of ", scores);
  return x;
}

} // namespace detail

namespace types {

template <class A, class B>
  requires(detail::is_score<A> || detail::is_score<B>)
auto operator|(const A &first, const B &then) {
  return Score{[first, then](const auto &s, const auto &at) {
    return detail::changed_at(then, detail::changed_at(first, s, at), at);
  }};
}

} // namespace types

/// What `attention` makes of scores s, of query i and key j, before its mask.
namespace scores {

/// Any function of the scores and of indices that stretch to them: (s), (s, i, j), (s, h, i, j),
/// (s, b, h, i, j), for changes that are composed of it.
template <class F> auto of(const F &f) {
  return types::Score{[f](const auto &s, const auto &at) { return detail::changed_at(f, s, at); }};
}

/// s + b.   b : a tensor that stretches to the scores
template <class B> auto bias(const B &b) { return of(b); }

/// c tanh(s / c), c > 0: scores stay within -c and c.   [Gemma 2 2024]
inline auto softcap(double c, Line line = Line::current()) {
  if (!(c > 0))
    detail::stop(line, "scores::softcap: needs a number above 0");
  return types::Score{[c](const auto &s, const auto &at) { return let(c * tanh(s / c), at.line); }};
}

/// s / t, t a number, a scalar or one of each head: of unit queries and keys, with `scale` = 1,
/// cosine attention.   [Liu 2022]
template <class T> auto temperature(const T &t) {
  return types::Score{
      [t](const auto &s, const auto &at) { return let(s / detail::per_head(at, t), at.line); }};
}

/// s - m |i + N - M - j|, a slope m of each head: the further a key, the less it counts.
/// slopes : (heads), as of `alibi_slopes`   [Press 2022]
template <class M> auto alibi(const M &slopes) {
  return types::Score{[slopes](const auto &s, const auto &at) {
    using T = element_of<decltype(s)>;
    let distance(cast<T>(abs(at.query() + at.keys_before() - at.key())), at.line);
    return let(s - detail::per_head(at, slopes) * distance, at.line);
  }};
}

/// s + table[h, i - j + N - 1]: learned, a number of each distance.
/// table : (heads or 1, M + N - 1), or (M + N - 1) for all heads   [Shaw 2018; Raffel 2020]
template <class X> auto relative(const X &table) {
  return types::Score{[table](const auto &s, const auto &at) {
    constexpr Shape scores = std::remove_cvref_t<decltype(at)>::shape;
    static constexpr Rule rule =
        detail::distances_rule(shape_of<X>, scores).in("kerf: scores::relative: ");
    KERF_CHECK(rule);
    if constexpr (rule.shape.is_poison()) {
      return TensorOf<element_of<decltype(s)>, Shape::poison()>();
    } else {
      constexpr Dim distances = shape_of<X>[-1], keys = scores[-1];
      let place(at.query() - at.key() + (detail::number_of<keys>() - 1), at.line);
      if constexpr (shape_of<X>.rank == 2 && !(shape_of<X>[0] == Dim(1)))
        return detail::changed_at(kerf::at(table, at.head(), place), s, at);
      else
        return detail::changed_at(kerf::at(detail::reshaped<Shape::of(distances)>(
                                               static_cast<const detail::stored_t<X> &>(table)),
                                           place),
                                  s, at);
    }
  }};
}

/// s + table[bucket(j - i), h], T5's buckets: near distances one each, further ones of growing
/// width up to `most`. A decoder has no keys ahead: t5<false>.
/// table : (buckets, heads); M, N numbers   [Raffel 2020, 2.1]
template <bool is_bidirectional = true, class X> auto t5(const X &table, double most = 128) {
  return types::Score{[table, most](const auto &s, const auto &at) {
    constexpr Shape scores = std::remove_cvref_t<decltype(at)>::shape;
    static constexpr Rule rule =
        detail::buckets_rule(shape_of<X>, scores, is_bidirectional).in("kerf: scores::t5: ");
    KERF_CHECK(rule);
    if constexpr (rule.shape.is_poison()) {
      return TensorOf<element_of<decltype(s)>, Shape::poison()>();
    } else {
      constexpr std::int64_t m = scores[-2].value, n = scores[-1].value;
      std::vector<std::int64_t> buckets; // of i - j + N - 1
      for (std::int64_t place = 0; place < m + n - 1; ++place)
        buckets.push_back(
            detail::t5_bucket(n - 1 - place, shape_of<X>[0].value, most, is_bidirectional));
      const Tensor<i64, Dim(m + n - 1)> of_distance(buckets, at.line);
      let distances(transpose_last(gather(table, of_distance)), at.line); // (heads, M + N - 1)
      return relative(distances).changed(s, at);
    }
  }};
}

/// s + table[index[i, j], h]: what Swin and BEiT keep of pairs of places of a window, learned.
/// table : (rows, heads), index : (M, N) i64, as of `relative_places`   [Liu 2021; Bao 2022]
template <class X, class I> auto by_index(const X &table, const I &index) {
  return types::Score{[table, index](const auto &s, const auto &at) {
    constexpr Shape scores = std::remove_cvref_t<decltype(at)>::shape;
    static constexpr Rule rule =
        detail::index_rule(shape_of<X>, shape_of<I>, scores).in("kerf: scores::by_index: ");
    KERF_CHECK(rule);
    if constexpr (rule.shape.is_poison())
      return TensorOf<element_of<decltype(s)>, Shape::poison()>();
    else
      return detail::changed_at(rearrange<"i j h -> h i j">(gather(table, index)), s, at);
  }};
}

} // namespace scores

/// The slopes of ALiBi: 2^(-8 / heads), its square, its cube …; of a number of heads that is no
/// power of two those of the next lower one, then every other of the next higher one.   -> (heads)
/// [Press 2022]
template <int heads, class T = f32> auto alibi_slopes(Line line = Line::current()) {
  static_assert(heads >= 1, "kerf: alibi_slopes: needs at least one head");
  constexpr int lower = int(std::bit_floor(unsigned(heads)));
  std::vector<T> slopes;
  for (int h = 0; h < heads; ++h)
    slopes.push_back(
        T(std::exp2(h < lower ? -8.0 * (h + 1) / lower : -4.0 * (2 * (h - lower) + 1) / lower)));
  return Tensor<T, heads>(slopes, line);
}

/// Swin's index of pairs of places in a window of Height x Width, row after row: where their
/// differences stand in a table of (2 Height - 1) (2 Width - 1) rows.   -> i64 (H W, H W)
/// [Liu 2021]
template <int Height, int Width> auto relative_places(Line line = Line::current()) {
  static_assert(Height >= 1 && Width >= 1, "kerf: relative_places: a window has places");
  std::vector<std::int64_t> places;
  for (int i = 0; i < Height * Width; ++i)
    for (int j = 0; j < Height * Width; ++j)
      places.push_back((i / Width - j / Width + Height - 1) * (2 * Width - 1) + i % Width -
                       j % Width + Width - 1);
  return Tensor<i64, Height * Width, Height * Width>(places, line);
}

} // namespace kerf
