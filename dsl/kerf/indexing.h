// Functions that go along an axis by indices, made of ops: sorting, counting, lookups.
#pragma once

#include "kerf/derived.h"

#include <bit>

namespace kerf {

template <class T, Shape S> struct [[nodiscard]] Ranked {
  TensorOf<T, S> values;
  TensorOf<i64, S> indices;
};

namespace detail {

/// `indices` along an axis, with the elements that they find.
template <int axis> auto ranked(const Operand auto &x, const Operand auto &indices, Line line) {
  let values(take_along<axis>(x, indices), line);
  return Ranked<typename decltype(values)::element, shape_of<decltype(values)>>{values, indices};
}

template <class X, Dim k> constexpr Rule largest_rule() { return rule::top_k(shape_of<X>, k); }

/// a stands before b where NaN is the last of all.
auto is_before(const Operand auto &a, const Operand auto &b) {
  if constexpr (is_float<element_of<decltype(a)>>)
    return bit_or(a < b, bit_and(a == a, b != b));
  else
    return a < b;
}

} // namespace detail

/// The k largest elements along the last axis, the largest first, as `top_k` ranks them. The
/// gradient flows to the values.   x : (…, N) -> both (…, k)
template <Dim k> auto largest(const Operand auto &input, Line line = Line::current()) {
  let x(detail::checked<"largest", detail::largest_rule<decltype(input), k>>(input), line);
  let indices(top_k<k>(x), line);
  return detail::ranked<-1>(x, indices, line);
}

/// The elements along one axis in order, the smallest first, and where they stood; equal ones keep
/// their order, NaN is the last. `sort<axis, true>` begins with the largest. The gradient flows to
/// the values.
///
///     auto [values, indices] = sort<1>(x);
template <int axis = -1, bool descending = false>
auto sort(const Operand auto &input, Line line = Line::current()) {
  let x(detail::along<"sort", axis>(input), line);
  let indices(argsort<axis, descending>(x), line);
  return detail::ranked<axis>(x, indices, line);
}

/// Rows of a table along one of its axes, by index; one outside of the table is that of its nearest
/// row.   gather<1>(x, indices), x : (A, N, C), indices : i64 (…) -> (A, …, C)
template <int axis> auto gather(const Operand auto &x, const Operand auto &indices) {
  using X = std::remove_cvref_t<decltype(x)>;
  constexpr std::int64_t along = detail::from_front(axis, X::shape);
  static constexpr Rule rule = rule::along(X::shape, along).in("kerf: gather: ");
  KERF_CHECK(rule);
  if constexpr (!rule.ok || rule.shape.is_poison() || along == 0) {
    return gather(x, indices);
  } else {
    constexpr Ints to_front = [] {
      Ints axes = Ints::of(along);
      for (int i = 0; i < X::shape.rank; ++i)
        if (i != along)
          axes.push(i);
      return axes;
    }();
    constexpr int count = shape_of<decltype(indices)>.rank;
    constexpr Ints back = [] {
      Ints axes;
      for (int i = 0; i < along; ++i)
        axes.push(count + i);
      for (int i = 0; i < count; ++i)
        axes.push(i);
      for (int i = int(along) + count; i < X::shape.rank - 1 + count; ++i)
        axes.push(i);
      return axes;
    }();
    constexpr Shape result = detail::replace_axis(X::shape, along, shape_of<decltype(indices)>);
    const auto rows = gather(detail::make<op::transpose<to_front>, element_of<X>,
                                          rule::transpose(X::shape, to_front).shape>(x),
                             indices);
    return detail::make<op::transpose<back>, element_of<X>, result>(rows);
  }
}

/// Where each value belongs in a sorted table: how many elements of the table stand before it, or
/// with `searchsorted<true>` before it or beside it. NaN is the last of all.
/// sorted : (N), values : any shape -> i64, of the shape of values
template <bool right = false>
auto searchsorted(const Operand auto &sorted, const Operand auto &values,
                  Line line = Line::current()) {
  using X = std::remove_cvref_t<decltype(sorted)>;
  using V = std::remove_cvref_t<decltype(values)>;
  static constexpr Rule rule =
      [] {
        if (X::shape.is_poison() || V::shape.is_poison())
          return Rule(Shape::poison());
        if (X::shape.rank != 1 || X::shape[0].is_named())
          return fail("needs a sorted table of [N], N a number, got ", X::shape);
        return detail::equal_types<X, V>(V::shape);
      }()
          .in("kerf: searchsorted: ");
  KERF_CHECK(rule);
  if constexpr (!rule.ok || rule.shape.is_poison()) {
    return Splat<i64, Shape::poison()>();
  } else {
    constexpr std::int64_t n = X::shape[0].value;
    let table(sorted, line);
    let v(values, line);
    let count(full_like<i64>(v, 0), line); // this many are known to stand before
    if constexpr (n > 0)
      for (std::int64_t step = std::int64_t(std::bit_floor(std::uint64_t(n))); step > 0;
           step /= 2) {
        let more(count + step, line);
        let last(gather(table, more - 1), line);
        if constexpr (right)
          count = let(select(bit_and(more <= n, bit_not(detail::is_before(v, last))), more, count),
                      line);
        else
          count = let(select(bit_and(more <= n, detail::is_before(last, v)), more, count), line);
      }
    return count;
  }
}

namespace detail {
template <class X, std::int64_t bins> constexpr Rule bincount_rule() {
  using T = element_of<X>;
  if (!is_integer<T> && !shape_of<X>.is_poison())
    return fail("numbers must be i8, i16, i32 or i64, got ", spell(dtype_of<T>));
  if (bins < 1)
    return fail("needs at least one bin, got ", bins);
  return shape_of<X>;
}
} // namespace detail

/// How often each of the numbers 0, 1, … bins - 1 is there; others are not counted.
/// numbers : integers, any shape -> i64 (bins)
template <std::int64_t bins>
auto bincount(const Operand auto &numbers, Line line = Line::current()) {
  const auto &given =
      detail::checked<"bincount", detail::bincount_rule<decltype(numbers), bins>>(numbers);
  let n(cast<i64>(given), line);
  return scatter_add < bins<1 ? 1 : bins>(cast<i64>(bit_and(n >= 0, n < bins)), n);
}

/// Running products along one axis, as `cumsum` are sums. The gradient divides by nothing: it is
/// exact where elements are 0, too.
template <int axis> auto cumprod(const Operand auto &input, Line line = Line::current()) {
  using X = std::remove_cvref_t<decltype(input)>;
  constexpr std::int64_t along = detail::from_front(axis, X::shape);
  static constexpr Rule rule = rule::along(X::shape, along).in("kerf: cumprod: ");
  KERF_CHECK(rule);
  if constexpr (!rule.ok || rule.shape.is_poison()) {
    return Splat<element_of<X>, Shape::poison()>();
  } else {
    constexpr Shape beside = [] {
      Shape shape = X::shape;
      for (int i = 0; i < shape.rank; ++i)
        if (i != along)
          shape[i] = 1;
      return shape;
    }();
    let x(input, line);
    let place(detail::make<op::iota, i64, Shape::of(X::shape[int(along)])>(), line);
    const auto is_first = detail::make<op::reshape, i64, beside>(place) == 0;
    if constexpr (is_float<element_of<X>>) // -0: what is added to a product leaves its sign
      return linear_scan<axis>(x, select(is_first, x, -0.0));
    else
      return linear_scan<axis>(x, select(is_first, x, 0));
  }
}

/// Is one of the elements true, over some axes? None means all; `keep` leaves them with extent 1.
/// Of no elements none is.
template <auto... axes> auto any(const Operand auto &x) {
  static_assert(std::is_same_v<element_of<decltype(x)>, i1>, "kerf: any: x must be i1");
  return max<axes...>(detail::over<"any", axes...>(cast<i32>(x))) > 0;
}

/// Are all elements true, over some axes? None means all; `keep` leaves them with extent 1. Of no
/// elements all are.
template <auto... axes> auto all(const Operand auto &x) {
  static_assert(std::is_same_v<element_of<decltype(x)>, i1>, "kerf: all: x must be i1");
  return max<axes...>(detail::over<"all", axes...>(cast<i32>(bit_not(x)))) <= 0;
}

} // namespace kerf
