// Functions that put the elements of tensors elsewhere, made of ops.
#pragma once

#include "kerf/indexing.h"

namespace kerf {

namespace detail {

/// Is there such an axis? In the words of the function that goes along it.
template <Name user, int axis, class X> auto check_axis() {
  static constexpr Rule rule =
      rule::along(shape_of<X>, from_front(axis, shape_of<X>)).in(prefix_of<user>);
  KERF_CHECK(rule);
  return std::bool_constant<rule.ok && !rule.shape.is_poison()>();
}
template <Name user, int axis, class X>
inline constexpr bool has_axis = decltype(check_axis<user, axis, X>())::value;

/// `shape` with an axis of extent 1 at a place; -1 is behind the last.
constexpr Rule with_new_axis(const Shape &shape, std::int64_t axis) {
  if (shape.is_poison())
    return shape;
  const std::int64_t place = axis < 0 ? axis + shape.rank + 1 : axis;
  if (place < 0 || place > shape.rank)
    return fail("axis ", axis, " is outside [", -shape.rank - 1, ", ", shape.rank, "] for ", shape);
  if (shape.rank == max_rank)
    return fail("the result has more than 8 axes");
  return with_axis(shape, place, 1);
}

/// Are two stretches within an axis?
constexpr Rule parts_of_axis(const Shape &x, std::int64_t axis, const Dim &from, const Dim &to,
                             const Dim &next_from, const Dim &next_to) {
  const auto is_outside = [&](const Dim &first, const Dim &last) {
    return rule::detail::surely_negative(first) || rule::detail::surely_negative(last - first) ||
           rule::detail::surely_negative(x[int(axis)] - last);
  };
  if (is_outside(from, to))
    return fail("[", from, ", ", to, ") is not inside axis ", axis, " of ", x);
  if (is_outside(next_from, next_to))
    return fail("[", next_from, ", ", next_to, ") is not inside axis ", axis, " of ", x);
  return x;
}

/// How an axis is cut into parts: one number is how many, more are their sizes.
template <Dim... sizes> constexpr Rule cut_rule(const Shape &x, std::int64_t axis) {
  if (x.is_poison())
    return x;
  constexpr Dim given[] = {sizes...};
  if constexpr (sizeof...(sizes) == 1) {
    if (given[0].is_named() || given[0].value < 1)
      return fail("the number of parts is 1 or more, got ", given[0]);
    if (!divide(x[int(axis)], given[0]).exists)
      return fail(x[int(axis)], " is not divisible into ", given[0], " parts, axis ", axis, " of ",
                  x);
  } else {
    Dim sum = 0;
    for (const Dim &size : given) {
      if (rule::detail::surely_negative(size))
        return fail("a part has a negative size, ", size);
      sum = sum + size;
    }
    if (!(sum == x[int(axis)]))
      return fail("the parts are ", sum, " in all, but axis ", axis, " of ", x, " is ",
                  x[int(axis)]);
  }
  return x;
}

} // namespace detail

/// The tensors of an array one after another along an axis.
template <int axis, Operand X, std::size_t count> auto concat(const std::array<X, count> &parts) {
  static_assert(count > 0, "kerf: concat: there is nothing in the array");
  return std::apply([](const auto &...part) { return concat<axis>(part...); }, parts);
}

/// x with an axis of extent 1 at a place; -1 is behind the last.   unsqueeze<0>(x)
template <int axis> auto unsqueeze(const Operand auto &x) {
  static constexpr Rule rule =
      detail::with_new_axis(shape_of<decltype(x)>, axis).in("kerf: unsqueeze: ");
  KERF_CHECK(rule);
  return detail::make<op::reshape, element_of<decltype(x)>, rule.shape>(x);
}

/// x without an axis of extent 1.   squeeze<-1>(x)
template <int axis> auto squeeze(const Operand auto &x) {
  using X = std::remove_cvref_t<decltype(x)>;
  constexpr std::int64_t along = detail::from_front(axis, X::shape);
  static constexpr Rule rule =
      [] {
        const Rule has = rule::along(X::shape, along);
        if (!has.ok || has.shape.is_poison())
          return has;
        if (!(X::shape[int(along)] == Dim(1)))
          return fail("axis ", axis, " of ", X::shape, " is ", X::shape[int(along)], ", not 1");
        return Rule(detail::without_axis(X::shape, along));
      }()
          .in("kerf: squeeze: ");
  KERF_CHECK(rule);
  return detail::make<op::reshape, element_of<X>, rule.shape>(x);
}

/// The axes `from` to `to` as one, in row-major order.   flatten<1>(x) : (B, C, H, W) -> (B, C H W)
template <int from = 0, int to = -1> auto flatten(const Operand auto &x) {
  using X = std::remove_cvref_t<decltype(x)>;
  constexpr std::int64_t first = detail::from_front(from, X::shape),
                         last = detail::from_front(to, X::shape);
  static constexpr Rule rule =
      [] {
        const Shape &s = X::shape;
        if (s.is_poison())
          return Rule(s);
        if (first < 0 || last >= s.rank || first > last)
          return fail("axes ", from, " to ", to, " are none of ", s);
        Shape result;
        for (int i = 0; i < s.rank; ++i)
          if (i <= first || i > last)
            result.push(s[i]);
          else
            result[int(first)] = result[int(first)] * s[i];
        return Rule(result);
      }()
          .in("kerf: flatten: ");
  KERF_CHECK(rule);
  return detail::make<op::reshape, element_of<X>, rule.shape>(x);
}

/// Tensors of one shape along a new axis; -1 is behind the last.   stack<0>(a, b, c)
template <int axis, Operand A, Operand... X> auto stack(const A &x, const X &...others) {
  static constexpr Rule rule =
      [] {
        Rule result = detail::with_new_axis(shape_of<A>, axis);
        [[maybe_unused]] const auto check = [&]<class B>(std::type_identity<B>) {
          if (!result.ok || result.shape.is_poison())
            return;
          if (shape_of<B>.is_poison())
            result = Shape::poison();
          else if (!(shape_of<A> == shape_of<B>))
            result = fail("shapes differ: ", shape_of<A>, " and ", shape_of<B>);
          else
            result = detail::equal_types<A, B>(result);
        };
        (check(std::type_identity<X>()), ...);
        return result;
      }()
          .in("kerf: stack: ");
  KERF_CHECK(rule);
  constexpr Shape one = rule.shape;
  constexpr int place = axis < 0 ? axis + shape_of<A>.rank + 1 : axis;
  if constexpr (one.is_poison())
    return Splat<element_of<A>, Shape::poison()>();
  else
    return concat<place>(detail::make<op::reshape, element_of<A>, one>(x),
                         detail::make<op::reshape, element_of<X>, one>(others)...);
}
/// The tensors of an array along a new axis.
template <int axis, Operand X, std::size_t count> auto stack(const std::array<X, count> &parts) {
  static_assert(count > 0, "kerf: stack: there is nothing in the array");
  return std::apply([](const auto &...part) { return stack<axis>(part...); }, parts);
}

/// x in parts along an axis: in so many equal ones, an array, or in parts of these sizes, a tuple.
///
///     auto [q, k, v] = split<-1, 3>(qkv);
///     auto [head, tail] = split<0, 1, N - 1>(x);
template <int axis, Dim... sizes>
auto split(const Operand auto &input, Line line = Line::current()) {
  using X = std::remove_cvref_t<decltype(input)>;
  static_assert(sizeof...(sizes) > 0, "kerf: split: needs the number of parts, or their sizes");
  constexpr int along = int(detail::from_front(axis, X::shape));
  static constexpr Rule rule =
      [] {
        const Rule has_axis = detail::along_rule<X, axis>();
        return has_axis.shape.is_poison() ? has_axis : detail::cut_rule<sizes...>(X::shape, along);
      }()
          .in("kerf: split: ");
  KERF_CHECK(rule);
  constexpr std::array<Dim, sizeof...(sizes)> given{sizes...};
  if constexpr (rule.shape.is_poison()) {
    constexpr bool is_count = sizeof...(sizes) == 1 && !given[0].is_named() && given[0].value > 0;
    constexpr std::size_t count = is_count ? std::size_t(given[0].value) : sizeof...(sizes);
    return std::array<TensorOf<element_of<X>, Shape::poison()>, count>();
  } else if constexpr (sizeof...(sizes) == 1) {
    let x(input, line);
    constexpr Dim size = divide(X::shape[along], given[0]).dim;
    std::array<TensorOf<element_of<X>, detail::with_extent(X::shape, along, size)>,
               std::size_t(given[0].value)>
        parts;
    [&]<std::size_t... i>(std::index_sequence<i...>) {
      ((parts[i] = {detail::cut_out<along, Dim(i) * size, Dim(i + 1) * size>(x), line}), ...);
    }(std::make_index_sequence<parts.size()>());
    return parts;
  } else {
    let x(input, line);
    return [&]<std::size_t... i>(std::index_sequence<i...>) {
      constexpr auto begin = [](std::size_t count) {
        constexpr std::array<Dim, sizeof...(sizes)> all{sizes...};
        Dim sum = 0;
        for (std::size_t k = 0; k < count; ++k)
          sum = sum + all[k];
        return sum;
      };
      return std::tuple{TensorOf<element_of<X>, detail::with_extent(X::shape, along, sizes)>(
          detail::cut_out<along, begin(i), begin(i + 1)>(x), line)...};
    }(std::index_sequence_for<decltype(sizes)...>());
  }
}

/// x with the elements of an axis in reverse order.   flip<1>(x)
template <int axis> auto flip(const Operand auto &x) {
  using X = std::remove_cvref_t<decltype(x)>;
  if constexpr (detail::has_axis<"flip", axis, X>) {
    constexpr Dim n = X::shape[int(detail::from_front(axis, X::shape))];
    if constexpr (n == Dim(0))
      return detail::stretch<X::shape>(x);
    else
      return gather<axis>(x, extent<i64, n>() - 1 - arange<n>());
  } else {
    return Splat<element_of<X>, Shape::poison()>();
  }
}

/// x with the elements of an axis moved on by `shift` places, what leaves the end coming back at
/// the front; the extent is a number.   roll<0, 1>(x), roll<-1, -3>(x)
template <int axis, std::int64_t shift>
auto roll(const Operand auto &input, Line line = Line::current()) {
  using X = std::remove_cvref_t<decltype(input)>;
  if constexpr (detail::has_axis<"roll", axis, X>) {
    constexpr int along = int(detail::from_front(axis, X::shape));
    static constexpr Rule rule =
        (X::shape[along].is_named() ? fail("axis ", axis, " of ", X::shape, " must be a number")
                                    : Rule(X::shape))
            .in("kerf: roll: ");
    KERF_CHECK(rule);
    let x(input, line);
    constexpr std::int64_t n = rule.ok ? X::shape[along].value : 0;
    constexpr std::int64_t first = n == 0 ? 0 : ((-shift) % n + n) % n; // now stands in front
    if constexpr (first == 0)
      return x;
    else
      return let(
          concat<along>(detail::cut_out<along, first, n>(x), detail::cut_out<along, 0, first>(x)),
          line);
  } else {
    return Splat<element_of<X>, Shape::poison()>();
  }
}

/// x so many times along each of its axes, one number per axis.   tile<1, 3>(x) : (A, B) -> (A, 3
/// B)
template <Dim... times> auto tile(const Operand auto &x) {
  using X = std::remove_cvref_t<decltype(x)>;
  static constexpr Rule rule =
      [] {
        const Shape &s = X::shape, counts = Shape::of(times...);
        if (s.is_poison())
          return Rule(s);
        if (counts.rank != s.rank)
          return fail("needs one number for each axis of ", s, ", got ", counts);
        if (2 * s.rank > max_rank)
          return fail("at most 4 axes, got ", s);
        Shape result;
        for (int i = 0; i < s.rank; ++i) {
          if (rule::detail::surely_negative(counts[i]))
            return fail("negative number of times, ", counts[i]);
          result.push(s[i] * counts[i]);
        }
        return Rule(result);
      }()
          .in("kerf: tile: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison()) {
    return Splat<element_of<X>, Shape::poison()>();
  } else {
    constexpr Shape copies = [] {
      Shape shape;
      for (int i = 0; i < X::shape.rank; ++i) {
        shape.push(Shape::of(times...)[i]);
        shape.push(X::shape[i]);
      }
      return shape;
    }();
    constexpr Ints places = [] {
      Ints axes;
      for (int i = 0; i < X::shape.rank; ++i)
        axes.push(2 * i + 1);
      return axes;
    }();
    return detail::make<op::reshape, element_of<X>, rule.shape>(
        detail::make<op::broadcast<places>, element_of<X>, copies>(x));
  }
}

/// Each element of an axis `times` times, one after another: PyTorch's repeat_interleave.
template <int axis, Dim times> auto repeat_elements(const Operand auto &x) {
  using X = std::remove_cvref_t<decltype(x)>;
  if constexpr (detail::has_axis<"repeat_elements", axis, X>) {
    constexpr int along = int(detail::from_front(axis, X::shape));
    static constexpr Rule rule =
        [] {
          if (X::shape.rank == max_rank)
            return fail("at most 7 axes, got ", X::shape);
          if (rule::detail::surely_negative(times))
            return fail("negative number of times, ", times);
          return Rule(detail::with_extent(X::shape, along, X::shape[along] * times));
        }()
            .in("kerf: repeat_elements: ");
    KERF_CHECK(rule);
    if constexpr (rule.ok) {
      constexpr Shape copies =
          detail::replace_axis(X::shape, along, Shape::of(X::shape[along], times));
      constexpr Ints places = [] {
        Ints axes;
        for (int i = 0; i < X::shape.rank; ++i)
          axes.push(i <= along ? i : i + 1);
        return axes;
      }();
      return detail::make<op::reshape, element_of<X>, rule.shape>(
          detail::make<op::broadcast<places>, element_of<X>, copies>(x));
    } else {
      return Splat<element_of<X>, Shape::poison()>();
    }
  } else {
    return Splat<element_of<X>, Shape::poison()>();
  }
}

namespace detail {

/// x where column - row is on one side of `diagonal`, else 0.
template <Name user, std::int64_t diagonal, bool lower> auto triangle(const Operand auto &x) {
  using X = std::remove_cvref_t<decltype(x)>;
  static constexpr Rule rule =
      (X::shape.is_poison() || X::shape.rank >= 2 ? Rule(X::shape)
                                                  : fail("needs two axes or more, got ", X::shape))
          .in(prefix_of<user>);
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison()) {
    return Splat<element_of<X>, Shape::poison()>();
  } else {
    constexpr Dim rows = X::shape[-2], columns = X::shape[-1];
    const auto row = make<op::reshape, i64, Shape::of(rows, 1)>(arange<rows>());
    if constexpr (lower)
      return select(arange<columns>() <= row + diagonal, x, 0);
    else
      return select(arange<columns>() >= row + diagonal, x, 0);
  }
}

} // namespace detail

/// The lower triangle of the last two axes, up to a diagonal above the main one, the rest 0.
template <std::int64_t diagonal = 0> auto tril(const Operand auto &x) {
  return detail::triangle<"tril", diagonal, true>(x);
}
/// The upper triangle of the last two axes, from a diagonal above the main one on, the rest 0.
template <std::int64_t diagonal = 0> auto triu(const Operand auto &x) {
  return detail::triangle<"triu", diagonal, false>(x);
}

namespace detail {

/// An axis with `before` and `after` elements more.
template <class X, int axis, Dim before, Dim after> constexpr Rule padded_rule() {
  const Rule rule = along_rule<X, axis>();
  if (rule.ok && (rule::detail::surely_negative(before) || rule::detail::surely_negative(after)))
    return fail("padding of axis ", axis, " is negative: ", before, " before, ", after, " after");
  return rule;
}
template <class X, class N, int axis, Dim before, Dim after> constexpr Rule filled_rule() {
  if (!is_float<element_of<X>> && std::is_floating_point_v<N>)
    return fail("a fraction given to a tensor of integers");
  return padded_rule<X, axis, before, after>();
}

} // namespace detail

/// x with `before` and `after` elements more along an axis, all equal to a number.
template <int axis, Dim before, Dim after>
auto constant_pad(const Operand auto &input, Scalar auto number) {
  constexpr auto rule = detail::filled_rule<decltype(input), decltype(number), axis, before, after>;
  const auto &x = detail::checked<"constant_pad", rule>(input);
  using X = std::remove_cvref_t<decltype(x)>;
  if constexpr (X::shape.is_poison()) {
    return Splat<element_of<X>, Shape::poison()>();
  } else {
    constexpr int along = int(detail::from_front(axis, X::shape));
    const auto filled = [&]<Dim size>() {
      Splat<element_of<X>, detail::with_extent(X::shape, along, size)> splat;
      splat.number = number;
      return splat;
    };
    return concat<along>(filled.template operator()<before>(), x,
                         filled.template operator()<after>());
  }
}

/// x with `before` and `after` elements more along an axis, each equal to the end that it stands
/// at.
template <int axis, Dim before, Dim after>
auto replicate_pad(const Operand auto &input, Line line = Line::current()) {
  using X = std::remove_cvref_t<decltype(input)>;
  static constexpr Rule rule =
      [] {
        const Rule padded = detail::padded_rule<X, axis, before, after>();
        if (!padded.shape.is_poison() && padded.shape[axis] == Dim(0))
          return fail("axis ", axis, " of ", X::shape, " has no end");
        return padded;
      }()
          .in("kerf: replicate_pad: ");
  KERF_CHECK(rule);
  if constexpr (!rule.shape.is_poison()) {
    constexpr int along = int(detail::from_front(axis, X::shape));
    constexpr Dim n = X::shape[along];
    let x(input, line);
    const auto first = detail::cut_out<along, 0, 1>(x);
    const auto last = detail::cut_out<along, n - Dim(1), n>(x);
    return let(concat<along>(detail::stretch<detail::with_extent(X::shape, along, before)>(first),
                             x, detail::stretch<detail::with_extent(X::shape, along, after)>(last)),
               line);
  } else {
    return Splat<element_of<X>, Shape::poison()>();
  }
}

/// x with `before` and `after` elements more along an axis, as if x went on periodically.
template <int axis, Dim before, Dim after>
auto circular_pad(const Operand auto &input, Line line = Line::current()) {
  using X = std::remove_cvref_t<decltype(input)>;
  if constexpr (detail::has_axis<"circular_pad", axis, X>) {
    constexpr int along = int(detail::from_front(axis, X::shape));
    constexpr Dim n = X::shape[along];
    static constexpr Rule rule =
        detail::parts_of_axis(X::shape, along, n - before, n, 0, after).in("kerf: circular_pad: ");
    KERF_CHECK(rule);
    let x(input, line);
    if constexpr (rule.ok)
      return let(concat<along>(detail::cut_out<along, n - before, n>(x), x,
                               detail::cut_out<along, 0, after>(x)),
                 line);
    else
      return Splat<element_of<X>, Shape::poison()>();
  } else {
    return Splat<element_of<X>, Shape::poison()>();
  }
}

/// x with `before` and `after` elements more along an axis, mirrored at the ends, which are not
/// repeated: 3 2 | 1 2 3 4 | 3 2.
template <int axis, Dim before, Dim after>
auto reflect_pad(const Operand auto &input, Line line = Line::current()) {
  using X = std::remove_cvref_t<decltype(input)>;
  if constexpr (detail::has_axis<"reflect_pad", axis, X>) {
    constexpr int along = int(detail::from_front(axis, X::shape));
    constexpr Dim n = X::shape[along];
    static constexpr Rule rule =
        detail::parts_of_axis(X::shape, along, 1, Dim(1) + before, n - Dim(1) - after, n - Dim(1))
            .in("kerf: reflect_pad: ");
    KERF_CHECK(rule);
    let x(input, line);
    if constexpr (rule.ok)
      return let(
          concat<along>(flip<along>(detail::cut_out<along, 1, Dim(1) + before>(x)), x,
                        flip<along>(detail::cut_out<along, n - Dim(1) - after, n - Dim(1)>(x))),
          line);
    else
      return Splat<element_of<X>, Shape::poison()>();
  } else {
    return Splat<element_of<X>, Shape::poison()>();
  }
}

/// All windows of `size` neighbours along an axis, each `step` behind the one before: their numbers
/// stand where the axis was, their elements on a new last axis.   unfold<1, 3, 1>(x)
template <int axis, std::int64_t size, std::int64_t step>
auto unfold(const Operand auto &input, Line line = Line::current()) {
  using X = std::remove_cvref_t<decltype(input)>;
  if constexpr (detail::has_axis<"unfold", axis, X>) {
    constexpr int along = int(detail::from_front(axis, X::shape));
    static constexpr Rule rule =
        [] {
          const Shape &s = X::shape;
          if (size < 1 || step < 1)
            return fail("size and step are 1 or more, got ", size, " and ", step);
          if (rule::detail::surely_negative(s[along] - Dim(size)))
            return fail("a window of ", size, " does not fit into axis ", axis, " of ", s);
          if (s.rank == max_rank)
            return fail("the result has more than 8 axes");
          const Quotient steps = floor_divide(s[along] - Dim(size), step);
          if (!steps.exists)
            return fail("step ", step, " does not divide ", s[along], ", axis ", axis, " of ", s);
          return Rule(detail::with_extent(s, along, steps.dim + Dim(1)));
        }()
            .in("kerf: unfold: ");
    KERF_CHECK(rule);
    if constexpr (rule.ok) {
      let x(input, line);
      const auto element = [&]<std::int64_t i>(std::integral_constant<std::int64_t, i>) {
        constexpr Dim end = (rule.shape[along] - Dim(1)) * Dim(step) + Dim(i + 1);
        return detail::cut_out<along, i, end, step>(x);
      };
      return [&]<std::int64_t... i>(std::integer_sequence<std::int64_t, i...>) {
        return let(stack<-1>(element(std::integral_constant<std::int64_t, i>())...), line);
      }(std::make_integer_sequence<std::int64_t, size>());
    } else {
      return Splat<element_of<X>, Shape::poison()>();
    }
  } else {
    return Splat<element_of<X>, Shape::poison()>();
  }
}

/// n numbers from `first` to `last`, both among them, in equal steps; each is rounded once.
/// linspace<f32, 5>(0, 1)
template <class T, std::int64_t n>
auto linspace(double first, double last, Line line = Line::current()) {
  static_assert(is_float<T>, "kerf: linspace: numbers are f32, f64, bf16 or f16");
  static_assert(n >= 1, "kerf: linspace: needs one number or more");
  std::array<T, std::size_t(n)> numbers;
  for (std::int64_t i = 0; i < n; ++i)
    numbers[std::size_t(i)] =
        T(n == 1 ? first : (first * double(n - 1 - i) + last * double(i)) / double(n - 1));
  return Tensor<T, n>(std::span<const T>(numbers), line);
}

namespace detail {

constexpr Rule resized(const Shape &x, std::int64_t height, std::int64_t width) {
  if (x.is_poison())
    return x;
  if (x.rank < 2 || x[-2].is_named() || x[-1].is_named() || x[-2] == Dim(0) || x[-1] == Dim(0))
    return fail("needs images of known height and width on the last two axes, got ", x);
  if (height < 1 || width < 1)
    return fail("the new size is 1 or more, got [", height, ", ", width, "]");
  Shape result = x;
  result[-2] = height;
  result[-1] = width;
  return result;
}

/// The share of each old place in each new one: (to, from).
template <class T> std::vector<T> shares_of(std::int64_t from, std::int64_t to) {
  std::vector<T> shares(std::size_t(from * to), T(0));
  for (std::int64_t i = 0; i < to; ++i) {
    const double place = std::max((double(i) + 0.5) * double(from) / double(to) - 0.5, 0.0);
    const std::int64_t low = std::min(std::int64_t(place), from - 1);
    const std::int64_t high = std::min(low + 1, from - 1);
    const double share = place - double(low);
    shares[std::size_t(i * from + low)] += T(1 - share);
    shares[std::size_t(i * from + high)] += T(share);
  }
  return shares;
}

} // namespace detail

/// Images of another size, each element that of the nearest place: PyTorch's mode 'nearest'.
/// x : (…, H, W) -> (…, height, width)
template <std::int64_t height, std::int64_t width>
auto resize_nearest(const Operand auto &x, Line line = Line::current()) {
  using X = std::remove_cvref_t<decltype(x)>;
  static constexpr Rule rule =
      detail::resized(X::shape, height, width).in("kerf: resize_nearest: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison()) {
    return Splat<element_of<X>, Shape::poison()>();
  } else {
    const auto places = [line]<std::int64_t from, std::int64_t to>() {
      std::array<i64, std::size_t(to)> of;
      for (std::int64_t i = 0; i < to; ++i)
        of[std::size_t(i)] = i * from / to;
      return Tensor<i64, to>(std::span<const i64>(of), line);
    };
    constexpr std::int64_t rows = X::shape[-2].value, columns = X::shape[-1].value;
    const auto tall = gather<-2>(x, places.template operator()<rows, height>());
    return let(gather<-1>(tall, places.template operator()<columns, width>()), line);
  }
}

/// Images of another size, linear between the nearest elements, which stand in the middle of their
/// squares: PyTorch's mode 'bilinear', align_corners=False.   x : (…, H, W) -> (…, height, width)
template <std::int64_t height, std::int64_t width>
auto resize_bilinear(const Operand auto &x, Line line = Line::current()) {
  using X = std::remove_cvref_t<decltype(x)>;
  using T = element_of<X>;
  static_assert(is_float<T>, "kerf: resize_bilinear: x must be f32, f64, bf16 or f16");
  static constexpr Rule rule =
      detail::resized(X::shape, height, width).in("kerf: resize_bilinear: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison()) {
    return Splat<T, Shape::poison()>();
  } else {
    constexpr std::int64_t rows = X::shape[-2].value, columns = X::shape[-1].value;
    constexpr Shape flat =
        Shape::of(divide(X::shape.numel(), Dim(rows * columns)).dim, rows, columns);
    using Wide = computed_t<T>;
    const std::vector<Wide> down = detail::shares_of<Wide>(rows, height),
                            across = detail::shares_of<Wide>(columns, width);
    const Tensor<Wide, height, rows> by_row(std::span<const Wide>(down), line);
    const Tensor<Wide, width, columns> by_column(std::span<const Wide>(across), line);
    const auto images = detail::widened(detail::reshaped<flat>(x));
    let wide(einsum<"n h w, x w -> n h x">(images, by_column), line);
    let both(einsum<"n h x, y h -> n y x">(wide, by_row), line);
    return let(detail::narrowed<T>(detail::reshaped<rule.shape>(both)), line);
  }
}

} // namespace kerf
