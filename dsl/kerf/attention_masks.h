// Which keys a query of attention sees: `mask = masks::causal && masks::documents(ids)`.
#pragma once

#include "kerf/attention_places.h"

namespace kerf {

namespace types {

/// A mask: at the places of scores a tensor of i1 that stretches to them, true where the key is
/// seen. Masks compose by &&, || and !, also with tensors of i1 and with functions.
template <class F> struct Mask {
  F seen;
};
template <class F> Mask(const F &) -> Mask<F>;

} // namespace types

namespace detail {

template <class> inline constexpr bool is_mask = false;
template <class F> inline constexpr bool is_mask<types::Mask<F>> = true;

/// Is M a tensor of i1 that stretches to these scores?
template <class M> constexpr Rule mask_tensor(const Shape &scores) {
  const Shape &mask = shape_of<M>;
  if (mask.is_poison() || scores.is_poison())
    return Shape::poison();
  if (!std::is_same_v<element_of<M>, i1>)
    return fail("a mask is i1, true where a key is seen, got ", spell(dtype_of<element_of<M>>), " ",
                mask, "; numbers that are added are score = ...");
  const Rule together = rule::broadcast_together(mask, scores);
  if (!together.ok || !(together.shape == scores))
    return fail("the mask ", mask, " does not stretch to the scores, ", scores);
  return mask;
}
/// Is what a function gives such a tensor?
template <class Seen> constexpr Rule mask_function(const Shape &scores) {
  if constexpr (Operand<Seen>)
    return mask_tensor<Seen>(scores);
  else
    return fail("a function that is a mask gives a tensor of i1, as [](auto i, auto j) "
                "{ return i >= j; } does");
}
template <class M, class At> constexpr Rule mask_rule() {
  if constexpr (is_mask<M>)
    return Shape{};
  else if constexpr (Operand<M>)
    return mask_tensor<M>(At::shape);
  else if constexpr (indices_taken<M, At> < 0)
    return fail("a mask is one of kerf::masks, a tensor of i1, or a function of (i, j), "
                "(h, i, j) or (b, h, i, j)");
  else
    return mask_function<decltype(at_places(std::declval<M>(), std::declval<At>()))>(At::shape);
}

/// What is seen at places, by a mask, a tensor or a function.
template <class M, class At> auto seen_at(const M &mask, const At &at) {
  static constexpr Rule rule = mask_rule<M, At>().in("kerf: attention: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison())
    return Splat<i1, Shape::poison()>();
  else if constexpr (is_mask<M>)
    return mask.seen(at);
  else if constexpr (Operand<M>)
    return static_cast<const stored_t<M> &>(mask);
  else
    return at_places(mask, at);
}

/// Places whose queries stand further on.
template <class At, class N> struct Shifted : At {
  N by;
  auto query() const { return let(At::query() + by, At::line); }
};

/// Is a key of a grid near enough to a query, along its last axis and then along those before?
template <int axis, std::int64_t... extents>
auto near_along(const auto &query, const auto &key, const auto &windows, Line line) {
  constexpr std::int64_t all[] = {extents...};
  constexpr std::int64_t extent = all[axis];
  const std::int64_t window = windows[axis];
  const auto is_near = [&](const auto &q, const auto &k) {
    let first(minimum(maximum(q - window / 2, 0), extent - window), line);
    return let(k >= first && k < first + window, line);
  };
  if constexpr (axis == 0) {
    return is_near(query, key);
  } else {
    let q(query % extent, line);
    let k(key % extent, line);
    let rows(floor_divide(query, extent), line);
    let keys(floor_divide(key, extent), line);
    const auto before = near_along<axis - 1, extents...>(rows, keys, windows, line);
    return let(before && is_near(q, k), line);
  }
}

/// Are queries and keys the places of a grid?
constexpr Rule grid_rule(const Shape &scores, std::int64_t places) {
  if (scores.is_poison() || (scores[-1] == Dim(places) && scores[-2] == Dim(places)))
    return scores;
  return fail("a grid of ", places, " places, but ", scores[-2], " queries and ", scores[-1],
              " keys");
}

inline void require_positive_count(std::int64_t n, std::string_view mask, Line line) {
  if (n < 1) {
    Text text;
    stop(line, text << "masks::" << mask << ": needs a size of 1 or more, got " << n);
  }
}

} // namespace detail

namespace types {

template <class A, class B>
  requires(detail::is_mask<A> || detail::is_mask<B>)
auto operator&&(const A &a, const B &b) {
  return Mask{[a, b](const auto &at) { return detail::seen_at(a, at) && detail::seen_at(b, at); }};
}
template <class A, class B>
  requires(detail::is_mask<A> || detail::is_mask<B>)
auto operator||(const A &a, const B &b) {
  return Mask{[a, b](const auto &at) { return detail::seen_at(a, at) || detail::seen_at(b, at); }};
}
template <class F> auto operator!(const Mask<F> &mask) {
  return Mask{[mask](const auto &at) { return !detail::seen_at(mask, at); }};
}

} // namespace types

/// Masks of `attention`: i is the place of a query, j that of a key.
namespace masks {

/// j <= i: no query sees a key behind its own place.
inline constexpr types::Mask causal{[](const auto &at) { return at.key() <= at.query(); }};

/// j <= i + N - M: the last query sees all keys, where `causal` has the first see one.
inline constexpr types::Mask causal_bottom_right{
    [](const auto &at) { return at.key() <= at.query() + at.keys_before(); }};

/// Any function of indices that stretch to the scores: (i, j), (h, i, j), (b, h, i, j), for masks
/// that are composed of it: `masks::of([](auto i, auto j) { return i - j != 3; }) && …`.
template <class F> auto of(const F &f) {
  return types::Mask{[f](const auto &at) { return detail::seen_at(f, at); }};
}

/// A mask with its queries further on by a number, or a scalar or one of each example, i64: a
/// decoder's first query stands at the length of its cache.   masks::shifted(masks::causal, length)
template <class M, class N> auto shifted(const M &mask, const N &by) {
  return types::Mask{[mask, by](const auto &at) {
    const auto further = detail::counts_at<"places", detail::Each::example>(at, by);
    using At = std::remove_cvref_t<decltype(at)>;
    return detail::seen_at(
        mask, detail::Shifted<At, std::remove_cvref_t<decltype(further)>>{at, further});
  }};
}

/// i - left <= j <= i + right.   [Beltagy 2020]
inline auto sliding_window(std::int64_t left, std::int64_t right) {
  return types::Mask{[left, right](const auto &at) {
    const auto i = at.query();
    const auto j = at.key();
    return j >= i - left && j <= i + right;
  }};
}

/// j < n: keys of a prefix, which all queries see: `masks::causal || masks::prefix(n)`. n is a
/// number, a scalar or a tensor (batch…) of integers.   [Raffel 2020, 3.2.1]
template <class N> auto prefix(const N &n) {
  return types::Mask{[n](const auto &at) {
    return at.key() < detail::counts_at<"lengths of prefixes", detail::Each::example>(at, n);
  }};
}

/// j < n: only so many keys of an example are there. n : (batch…) integers
template <class N> auto lengths(const N &n) {
  return types::Mask{[n](const auto &at) {
    return at.key() < detail::counts_at<"lengths", detail::Each::example>(at, n);
  }};
}
/// The same, and only so many queries see anything.
template <class M, class N> auto lengths(const M &queries, const N &keys) {
  return types::Mask{[queries, keys](const auto &at) {
    using detail::Each;
    return at.query() < detail::counts_at<"lengths", Each::example>(at, queries) &&
           at.key() < detail::counts_at<"lengths", Each::example>(at, keys);
  }};
}

/// Keys that are not padding.   padding : (batch…, N) i1, true where nothing is, as PyTorch's
/// key_padding_mask
template <class P> auto key_padding(const P &padding) {
  return types::Mask{[padding](const auto &at) {
    static_assert(std::is_same_v<element_of<P>, i1>, "kerf: attention: key_padding must be i1");
    return !detail::placed<"key_padding", detail::Each::key>(at, padding);
  }};
}

/// Queries and keys of the same document, of several that stand one after another in a row; of
/// images among text, those of one number.   ids : (batch…, M) and (batch…, N) integers
template <class Q, class K> auto documents(const Q &queries, const K &keys) {
  return types::Mask{[queries, keys](const auto &at) {
    using detail::Each;
    return detail::counts_at<"documents of queries", Each::query>(at, queries) ==
           detail::counts_at<"documents of keys", Each::key>(at, keys);
  }};
}
/// The same of queries that are the keys.
template <class Q> auto documents(const Q &ids) { return documents(ids, ids); }

/// Blocks of so many queries beside blocks of so many keys, each of its own: sequences of one
/// length after another.
inline auto block_diagonal(std::int64_t queries, std::int64_t keys, Line line = Line::current()) {
  detail::require_positive_count(queries, "block_diagonal", line);
  detail::require_positive_count(keys, "block_diagonal", line);
  return types::Mask{[queries, keys](const auto &at) {
    return floor_divide(at.query(), queries) == floor_divide(at.key(), keys);
  }};
}
/// Chunks of n places: none sees another one. `masks::causal && masks::chunked(8192)`
inline auto chunked(std::int64_t n, Line line = Line::current()) {
  return block_diagonal(n, n, line);
}
/// floor(j / n) <= floor(i / n): a frame of n tokens sees itself and those before it.
inline auto block_causal(std::int64_t n, Line line = Line::current()) {
  detail::require_positive_count(n, "block_causal", line);
  return types::Mask{
      [n](const auto &at) { return floor_divide(at.key(), n) <= floor_divide(at.query(), n); }};
}

/// Every n-th key, counted from the query: `masks::dilated(2) && masks::sliding_window(14, 14)`.
inline auto dilated(std::int64_t n, Line line = Line::current()) {
  detail::require_positive_count(n, "dilated", line);
  return types::Mask{[n](const auto &at) { return (at.query() - at.key()) % n == 0; }};
}
/// The n keys up to the query, and every n-th before.   [Child 2019, strided]
inline auto strided(std::int64_t n, Line line = Line::current()) {
  detail::require_positive_count(n, "strided", line);
  return types::Mask{[n](const auto &at) {
    let before(at.query() - at.key(), at.line);
    return before >= 0 && (before < n || before % n == 0);
  }};
}

/// Queries and keys on a grid, row after row; each query sees a window around it, of so many places
/// along each axis, which at a border is moved inside.   neighbourhood<14, 14>({7, 7})
/// [Hassani 2023]
template <std::int64_t... extents>
auto neighbourhood(const std::array<std::int64_t, sizeof...(extents)> &windows,
                   Line line = Line::current()) {
  constexpr std::int64_t all[] = {extents...};
  for (std::size_t axis = 0; axis < sizeof...(extents); ++axis)
    if (windows[axis] < 1 || windows[axis] > all[axis]) {
      Text text;
      detail::stop(line, text << "masks::neighbourhood: a window is of 1 to " << all[axis]
                              << " places along axis " << int(axis) << ", got " << windows[axis]);
    }
  return types::Mask{[windows](const auto &at) {
    constexpr Shape scores = std::remove_cvref_t<decltype(at)>::shape;
    static constexpr Rule rule =
        detail::grid_rule(scores, (extents * ...)).in("kerf: masks::neighbourhood: ");
    KERF_CHECK(rule);
    return detail::near_along<int(sizeof...(extents)) - 1, extents...>(at.query(), at.key(),
                                                                       windows, at.line);
  }};
}
/// The same window along each axis.   neighbourhood<14, 14>(7)
template <std::int64_t... extents>
auto neighbourhood(std::int64_t window, Line line = Line::current()) {
  const std::array<std::int64_t, sizeof...(extents)> windows{(void(extents), window)...};
  return neighbourhood<extents...>(windows, line);
}

} // namespace masks
} // namespace kerf
