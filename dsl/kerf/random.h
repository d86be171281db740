// Randomness from keys: a key is a value, a draw is a pure function of it. The same draw twice is
// one value; one key in two different draws is an error that shows both lines.
#pragma once

#include "kerf/ops.h"

namespace kerf {

/// Two words from which Philox4x32-10 draws.   [Salmon 2011]
using Key = Tensor<u32, 2>;

/// The n-th key that follows from a key, independent of its draws and of all other n.
template <class N>
  requires Operand<N> || std::integral<N>
auto fold(const Operand auto &key, const N &n) {
  static_assert(std::is_same_v<element_of<decltype(key)>, u32>, "kerf: fold: the first is a Key");
  if constexpr (std::integral<N>) {
    return detail::make<op::fold_key, u32, Shape::of(2)>(key, detail::as_operand<i64, Shape{}>(n));
  } else {
    static_assert(std::is_same_v<element_of<N>, i64> && shape_of<N> == Shape{},
                  "kerf: fold: the second is a number or a Tensor<i64>");
    return detail::make<op::fold_key, u32, Shape::of(2)>(key, n);
  }
}

namespace detail {
template <class Op, Shape S> auto draw(const Operand auto &key) {
  static_assert(std::is_same_v<element_of<decltype(key)>, u32>, "kerf: draws take a Key");
  return make<Op, f32, S>(key, as_operand<i64, Shape{}>(0));
}
} // namespace detail

/// Uniform on [0, 1), multiples of 2^-24.   uniform<B, 64>(key)
template <Dim... extents> auto uniform(const Operand auto &key) {
  return detail::draw<op::uniform, Shape::of(extents...)>(key);
}

/// Standard normal, by Box and Muller.   normal<B, 64>(key)   [Box 1958]
template <Dim... extents> auto normal(const Operand auto &key) {
  return detail::draw<op::normal, Shape::of(extents...)>(key);
}

/// Standard normal, one number per element of x.
auto normal_like(const Operand auto &key, const Operand auto &x) {
  return detail::draw<op::normal, shape_of<decltype(x)>>(key);
}

/// n different numbers below N: a random choice without replacement, in random order; choice<N, N>
/// is a permutation.   choice<4096, 512>(key) -> i64 (512)
/// The places of the n largest of N uniforms: all ordered choices are as likely, as far as no two
/// uniforms are equal. Of equal ones, multiples of 2^-24 as they are, the lower place comes first;
/// about N^2 / 2^25 pairs of N are equal, half a pair for N = 4096.
template <Dim N, Dim n> auto choice(const Operand auto &key) { return top_k<n>(uniform<N>(key)); }

/// Standard Gumbel, one number per element of x: -log(-log u), u no less than 2^-25.   [Gumbel
/// 1954]
auto gumbel_like(const Operand auto &key, const Operand auto &x) {
  const auto u = detail::draw<op::uniform, shape_of<decltype(x)>>(key);
  return neg(log(neg(log(maximum(u, 0x1p-25)))));
}

} // namespace kerf
