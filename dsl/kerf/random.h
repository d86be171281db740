// Randomness from keys: a key is a value, a draw is a pure function of it. The same draw twice is
// one value; one key in two different draws is an error that shows both lines.
#pragma once

#include "kerf/derived.h"
#include "kerf/options.h"

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

template <class K> constexpr Rule key_rule() {
  if constexpr (!Operand<K>)
    return fail("draws from a Key, Tensor<u32, 2>, got no tensor");
  else if (shape_of<K>.is_poison() ||
           (std::is_same_v<element_of<K>, u32> && shape_of<K> == Shape::of(2)))
    return shape_of<K>;
  else
    return fail("draws from a Key, Tensor<u32, 2>, got ", spell(dtype_of<element_of<K>>), " ",
                shape_of<K>);
}

/// The key of a draw of `user`.
template <Name user, class K> decltype(auto) key_of(const K &key) {
  return checked<user, key_rule<K>>(key);
}
template <Name user, class Op, Shape S> auto draw(const auto &key) {
  const auto &from = key_of<user>(key);
  if constexpr (shape_of<decltype(from)>.is_poison())
    return Splat<f32, Shape::poison()>();
  else
    return make<Op, f32, S>(from, as_operand<i64, Shape{}>(0));
}
/// x / (1 - p) where a draw of shape S, which stretches over x, keeps it, with probability 1 - p,
/// else 0.
template <Name user, Shape S>
auto dropped(const Operand auto &x, double p, const auto &key, Line line) {
  let drawn(draw<user, op::uniform, S>(key), line);
  let y(select(drawn >= p, x * (p < 1 ? 1 / (1 - p) : 0), 0), line);
  return y;
}

} // namespace detail

/// Uniform on [0, 1), multiples of 2^-24.   uniform<B, 64>(key)
template <Dim... extents> auto uniform(const Operand auto &key) {
  return detail::draw<"uniform", op::uniform, Shape::of(extents...)>(key);
}

/// Standard normal, by Box and Muller.   normal<B, 64>(key)   [Box 1958]
template <Dim... extents> auto normal(const Operand auto &key) {
  return detail::draw<"normal", op::normal, Shape::of(extents...)>(key);
}

/// Standard normal, one number per element of x.
auto normal_like(const Operand auto &key, const Operand auto &x) {
  return detail::draw<"normal_like", op::normal, shape_of<decltype(x)>>(key);
}

namespace detail {

template <class X, Dim n> constexpr Rule choice_rule() {
  if (const Rule rule = rule::top_k(shape_of<X>, n); rule.ok)
    return shape_of<X>;
  return fail(n, " different numbers of ", shape_of<X>[0], " cannot be chosen");
}
template <Name user, Dim N, Dim n> auto chosen(const Operand auto &key) {
  const auto drawn = draw<user, op::uniform, Shape::of(N)>(key);
  return top_k<n>(checked<user, choice_rule<decltype(drawn), n>>(drawn));
}

} // namespace detail

/// n different numbers below N: a random choice without replacement, in random order; choice<N, N>
/// is a permutation.   choice<4096, 512>(key) -> i64 (512)
/// The places of the n largest of N uniforms: all ordered choices are as likely, as far as no two
/// uniforms are equal. Of equal ones, multiples of 2^-24 as they are, the lower place comes first;
/// about N^2 / 2^25 pairs of N are equal, half a pair for N = 4096.
template <Dim N, Dim n> auto choice(const Operand auto &key) {
  return detail::chosen<"choice", N, n>(key);
}

/// 0, 1, … N-1 in random order, as `choice` draws it.   permutation<N>(key) -> i64 (N)
template <Dim N> auto permutation(const Operand auto &key) {
  return detail::chosen<"permutation", N, N>(key);
}

/// Uniform on [0, 1), one number per element of x.
auto uniform_like(const Operand auto &key, const Operand auto &x) {
  return detail::draw<"uniform_like", op::uniform, shape_of<decltype(x)>>(key);
}

namespace detail {
template <class P, Shape S> constexpr Rule share_rule() {
  const Shape &p = shape_of<P>;
  if (!p.is_poison() && !std::is_same_v<element_of<P>, f32>)
    return fail("p must be f32, got ", spell(dtype_of<element_of<P>>));
  const Rule together = rule::broadcast_together(p, S);
  if (!p.is_poison() && !(together.shape == S))
    return fail("p ", p, " does not stretch to ", S);
  return p;
}
} // namespace detail

/// Truths, each true with probability p: a number, or a tensor that stretches to the shape; of a
/// tensor alone one truth per element.   bernoulli<B>(key, 0.5), bernoulli(key, p)
template <Dim... extents, class P>
  requires Operand<P> || Scalar<P>
auto bernoulli(const Operand auto &key, const P &p) {
  if constexpr (sizeof...(extents) == 0 && Operand<P>) {
    const auto &share = detail::checked<"bernoulli", detail::share_rule<P, shape_of<P>>>(p);
    return detail::draw<"bernoulli", op::uniform, shape_of<P>>(key) < share;
  } else if constexpr (Operand<P>) {
    constexpr auto rule = detail::share_rule<P, Shape::of(extents...)>;
    return detail::draw<"bernoulli", op::uniform, Shape::of(extents...)>(key) <
           detail::checked<"bernoulli", rule>(p);
  } else {
    return detail::draw<"bernoulli", op::uniform, Shape::of(extents...)>(key) < p;
  }
}

/// Whole numbers, low to high - 1, all as likely, up to 2^-24 of their number, which is 2^24 at
/// most.   randint<B>(key, 0, 10) -> i64 (B)
template <Dim... extents>
auto randint(const Operand auto &key, std::int64_t low, std::int64_t high,
             Line line = Line::current()) {
  if (high <= low || high - low > (1 << 24)) {
    Text text;
    detail::stop(line, text << "randint: draws from " << low << " to " << high
                            << " - 1, which must be 1 to 2^24 numbers");
  }
  const auto u = detail::draw<"randint", op::uniform, Shape::of(extents...)>(key);
  return let(low + cast<i64>(double(high - low) * u), line);
}

/// Exponential of mean 1: -log(1 - u).   exponential<B>(key)
template <Dim... extents> auto exponential(const Operand auto &key) {
  return -log1p(-detail::draw<"exponential", op::uniform, Shape::of(extents...)>(key));
}

/// Standard Gumbel, one number per element of x: -log(-log u), u no less than 2^-25.   [Gumbel
/// 1954]
auto gumbel_like(const Operand auto &key, const Operand auto &x) {
  const auto u = detail::draw<"gumbel_like", op::uniform, shape_of<decltype(x)>>(key);
  return neg(log(neg(log(maximum(u, 0x1p-25)))));
}

namespace detail {

/// The value of the option temperature, 1 where it is not given.
template <class O>
using Temperature = OptionValue<decltype(option_set(std::declval<O>())), "temperature", double>;

template <class X, int axis, class O> constexpr Rule logits_rule() {
  if (const Rule rule = options_rule<O>(option<"temperature">); !rule.ok)
    return rule;
  if (!std::is_same_v<element_of<X>, f32> && !shape_of<X>.is_poison())
    return fail("logits must be f32, got ", spell(dtype_of<element_of<X>>));
  if constexpr (Operand<Temperature<O>>)
    if (!std::is_same_v<element_of<Temperature<O>>, f32> ||
        !(shape_of<Temperature<O>> == Shape{} || shape_of<Temperature<O>>.is_poison()))
      return fail("temperature is a number or a Tensor<f32>, got ",
                  spell(dtype_of<element_of<Temperature<O>>>), " ", shape_of<Temperature<O>>);
  return along_rule<X, axis>();
}

} // namespace detail

/// Indices along an axis, drawn from softmax(logits / temperature): the largest of logits and
/// Gumbel noise times the temperature, a number or a scalar, 0 or more; at 0 the largest of the
/// logits, where a quotient of them would be of infinities.
/// categorical<-1>(key, logits) : (…, N) -> i64 (…)   [Gumbel 1954]
///
///     let next = categorical<-1>(fold(key, i), logits, temperature = 0.8);
///
/// Option: temperature (1).
template <int axis = -1, class O = detail::NoOption>
auto categorical(const Operand auto &key, const Operand auto &logits, const O &o = {},
                 Line line = Line::current()) {
  let x(detail::checked<"categorical", detail::logits_rule<decltype(logits), axis, O>>(logits),
        line);
  const auto noise = gumbel_like(detail::key_of<"categorical">(key), x);
  if constexpr (shape_of<decltype(x)>.is_poison() || !detail::is_option<O>) {
    return argmax<axis>(x + noise);
  } else {
    const auto share = detail::value_of(detail::option_set(o), option<"temperature">);
    detail::require_in_range("categorical", "temperature", share, line);
    return argmax<axis>(x + share * noise);
  }
}

namespace detail {

/// The inverse of erf in f32, to about 3e-7 of itself within (-1, 1).   [Giles 2010]
auto inverse_erf(const Operand auto &input, Line line) {
  let x(input, line);
  let w(-log1p(-x * x), line);
  const auto polynomial = [line](const Operand auto &at, auto first, auto... others) {
    let y(at, line);
    let sum(full_like<f32>(y, first), line);
    ((sum = let(others + sum * y, line)), ...);
    return sum;
  };
  const auto middle = polynomial(minimum(w, 5) - 2.5, 2.81022636e-08, 3.43273939e-07,
                                 -3.5233877e-06, -4.39150654e-06, 0.00021858087, -0.00125372503,
                                 -0.00417768164, 0.246640727, 1.50140941);
  const auto tail = polynomial(sqrt(maximum(w, 5)) - 3, -0.000200214257, 0.000100950558,
                               0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613,
                               0.00943887047, 1.00167406, 2.83297682);
  return let(x * select(w < 5, middle, tail), line);
}

} // namespace detail

/// Standard normal between `low` and `high`, which are within [-5, 5], where its tails are as wide
/// as uniforms of 24 bits are fine: what lies beyond is drawn again, so to speak; PyTorch's
/// trunc_normal_ of mean 0 and deviation 1.   truncated_normal<B, 64>(key, -2, 2)
template <Dim... extents>
auto truncated_normal(const Operand auto &key, double low = -2, double high = 2,
                      Line line = Line::current()) {
  if (!(low < high && low >= -5 && high <= 5))
    detail::stop(line, "truncated_normal: low and high must be in [-5, 5], low below high");
  const double from = std::erf(low / std::sqrt(2.0)), to = std::erf(high / std::sqrt(2.0));
  const auto u = detail::draw<"truncated_normal", op::uniform, Shape::of(extents...)>(key);
  let place(maximum(minimum(from + (to - from) * u, 1 - 0x1p-24), -1 + 0x1p-24), line);
  let x(std::sqrt(2.0) * detail::inverse_erf(place, line), line);
  return let(maximum(minimum(x, high), low), line);
}

} // namespace kerf
