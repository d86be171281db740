// Operators of expressions. At least one operand is a tensor; the other may be a number; shapes
// stretch by NumPy's rule.
#pragma once

#include "kerf/ops.h"

namespace kerf {

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
  return div(a, b);
}
auto operator-(const Operand auto &x) { return neg(x); }

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

} // namespace kerf
