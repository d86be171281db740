// Operators of expressions. At least one operand is a tensor; the other may be a number; shapes
// stretch by NumPy's rule.
#pragma once

#include "kerf/ops.h"

namespace kerf {

namespace detail {
/// Are all operands truths?
template <class... X>
inline constexpr bool are_truths = (std::is_same_v<typename decltype([] {
                                                     if constexpr (Operand<X>)
                                                       return std::type_identity<element_of<X>>();
                                                     else
                                                       return std::type_identity<X>();
                                                   }())::type,
                                                   i1> &&
                                    ...);
} // namespace detail

namespace types {

template <class A, class B>
  requires Elementwise<A, B>
auto operator+(const A &a, const B &b) {
  return add(a, b);
}
template <class A, class B>
  requires Elementwise<A, B>
auto operator-(const A &a, const B &b) {
  return sub(a, b);
}
template <class A, class B>
  requires Elementwise<A, B>
auto operator*(const A &a, const B &b) {
  return mul(a, b);
}
template <class A, class B>
  requires Elementwise<A, B>
auto operator/(const A &a, const B &b) {
  static_assert(is_float<element_of<detail::companion<A, B>>>,
                "kerf: /: operands must be f32, f64, bf16 or f16; of integers write "
                "floor_divide(a, b), which "
                "rounds down");
  if constexpr (is_float<element_of<detail::companion<A, B>>>)
    return div(a, b);
  else
    return Splat<element_of<detail::companion<A, B>>, Shape::poison()>();
}
auto operator-(const Operand auto &x) { return neg(x); }

/// Integers: what is left of a division that rounds down; it has the sign of the divisor.
template <class A, class B>
  requires Elementwise<A, B>
auto operator%(const A &a, const B &b) {
  return remainder(a, b);
}

// Bits of integers, or truths. Both operands of && and || are computed, element by element.

template <class A, class B>
  requires Elementwise<A, B>
auto operator&(const A &a, const B &b) {
  return bit_and(a, b);
}
template <class A, class B>
  requires Elementwise<A, B>
auto operator|(const A &a, const B &b) {
  return bit_or(a, b);
}
template <class A, class B>
  requires Elementwise<A, B>
auto operator^(const A &a, const B &b) {
  return bit_xor(a, b);
}
auto operator~(const Operand auto &x) { return bit_not(x); }
template <class A, class B>
  requires Elementwise<A, B>
auto operator<<(const A &a, const B &b) {
  return shift_left(a, b);
}
template <class A, class B>
  requires Elementwise<A, B>
auto operator>>(const A &a, const B &b) {
  return shift_right(a, b);
}

template <class A, class B>
  requires Elementwise<A, B>
auto operator&&(const A &a, const B &b) {
  static_assert(detail::are_truths<A, B>,
                "kerf: &&: both sides must be i1: compare, as in x > 0 && y > 0");
  if constexpr (detail::are_truths<A, B>)
    return bit_and(a, b);
  else
    return Splat<i1, Shape::poison()>();
}
template <class A, class B>
  requires Elementwise<A, B>
auto operator||(const A &a, const B &b) {
  static_assert(detail::are_truths<A, B>,
                "kerf: ||: both sides must be i1: compare, as in x > 0 || y > 0");
  if constexpr (detail::are_truths<A, B>)
    return bit_or(a, b);
  else
    return Splat<i1, Shape::poison()>();
}
auto operator!(const Operand auto &x) {
  static_assert(detail::are_truths<decltype(x)>, "kerf: !: x must be i1: compare, as in x == 0");
  if constexpr (detail::are_truths<decltype(x)>)
    return bit_not(x);
  else
    return Splat<i1, Shape::poison()>();
}

template <class A, class B>
  requires Elementwise<A, B>
auto operator<(const A &a, const B &b) {
  return compare<"lt">(a, b);
}
template <class A, class B>
  requires Elementwise<A, B>
auto operator<=(const A &a, const B &b) {
  return compare<"le">(a, b);
}
template <class A, class B>
  requires Elementwise<A, B>
auto operator>(const A &a, const B &b) {
  return compare<"gt">(a, b);
}
template <class A, class B>
  requires Elementwise<A, B>
auto operator>=(const A &a, const B &b) {
  return compare<"ge">(a, b);
}
template <class A, class B>
  requires Elementwise<A, B>
auto operator==(const A &a, const B &b) {
  return compare<"eq">(a, b);
}
template <class A, class B>
  requires Elementwise<A, B>
auto operator!=(const A &a, const B &b) {
  return compare<"ne">(a, b);
}

} // namespace types

namespace detail {

/// x without its first axis.
constexpr Rule without_first(const Shape &x) {
  if (x.is_poison())
    return x;
  if (x.rank == 0)
    return fail("x is a scalar, which has no axis");
  Shape result;
  for (int i = 1; i < x.rank; ++i)
    result.push(x[i]);
  return result;
}

} // namespace detail

namespace types {

/// The part of a tensor at a place along its first axis.
template <class T, Shape S, class X> struct [[nodiscard]] Part : Node {
  using element = T;
  static constexpr Shape shape = detail::without_first(S).shape;
  X x;
  std::int64_t place;
  Line line; ///< that names the place

  Value emit(Line emitted) const {
    Shape first = Shape::filled(S.rank, 0), limits = S;
    first[0] = place < 0 ? S[0] + Dim(place) : Dim(place);
    limits[0] = first[0] + Dim(1);
    if (!S[0].is_named() && (first[0].value < 0 || first[0].value >= S[0].value)) {
      Text text;
      detail::stop(line, text << "x[" << place << "]: x is " << S
                              << ", whose first axis has the places 0 to " << S[0].value - 1
                              << ", or -" << S[0].value << " to -1 from its end");
    }
    Shape one = S;
    one[0] = 1;
    const Attribute attributes[] = {
        {"offsets", &first}, {"limits", &limits}, {"strides", Ints::filled(S.rank, 1)}};
    const Value operand = x.emit(emitted);
    const Value slice =
        detail::emit("kerf.slice", {&operand, 1}, {dtype_of<T>, &one}, attributes, emitted);
    return detail::emit("kerf.reshape", {&slice, 1}, TensorOf<T, shape>::type, {}, emitted);
  }
  auto operator[](detail::Place next) const { return detail::part_at(*this, next); }
  auto operator[](const Operand auto &next) const { return detail::part_at(*this, next); }
};

} // namespace types

namespace detail {

template <class X> auto part_at(const X &x, Place place) {
  static constexpr Rule rule = without_first(X::shape).in("kerf: x[i]: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison()) {
    return Splat<element_of<X>, Shape::poison()>();
  } else {
    types::Part<element_of<X>, X::shape, stored_t<X>> part;
    part.x = static_cast<const stored_t<X> &>(x);
    part.place = place.number;
    part.line = place.line;
    return part;
  }
}

template <class X, class I> auto part_at(const X &x, const I &place) {
  static constexpr Rule rule =
      (!std::is_same_v<element_of<I>, i64> || !(shape_of<I> == Shape{})
           ? fail("i must be a number or a scalar of i64, got ", spell(dtype_of<element_of<I>>),
                  shape_of<I>, "; rows of many indices are gather(x, i)")
           : without_first(X::shape))
          .in("kerf: x[i]: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison())
    return Splat<element_of<X>, Shape::poison()>();
  else
    return make<op::reshape, element_of<X>, rule.shape>(slice_at<0, 1>(x, place));
}

} // namespace detail
} // namespace kerf
