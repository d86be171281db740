// Quantizers whose codebook is a grid: each feature is rounded by itself, and a code is the number
// whose digits are the features' levels, the first feature the fastest.
//
//     auto q = fsq<8, 5, 5, 5>(z);             // z : (…, 4) -> q.codes : (…), in [0, 1000)
//     auto q = lfq(z, entropy = 0.01);         // z : (…, D) -> q.codes : (…), in [0, 2^D)
#pragma once

#include "kerf/codebook.h"

#include <array>
#include <cmath>

namespace kerf {

namespace detail {

/// Codes are taken apart in f64, which is exact below 2^53.
inline constexpr std::int64_t most_scalar_codes = std::int64_t(1) << 52;

/// The vector of the numbers from `first` on.   -> (count)
template <class T, std::size_t first, std::size_t count, std::size_t all>
auto vector_of(const std::array<T, all> &numbers) {
  if constexpr (count == 1) {
    Splat<T, Shape::of(1)> one;
    one.number = numbers[first];
    return one;
  } else {
    return concat<0>(vector_of<T, first, count / 2>(numbers),
                     vector_of<T, first + count / 2, count - count / 2>(numbers));
  }
}
template <class T, std::size_t count> auto vector_of(const std::array<T, count> &numbers) {
  return vector_of<T, 0, count>(numbers);
}

/// A number of each feature, from its number of levels.   -> (how many levels there are)
template <class T, int... levels> auto per_feature(auto function) {
  return vector_of<T>(std::array<T, sizeof...(levels)>{T(function(levels))...});
}

/// What one step of each digit adds to a code: 1, L1, L1 L2, …
template <int... levels> constexpr std::array<std::int64_t, sizeof...(levels)> digit_values() {
  std::array<std::int64_t, sizeof...(levels)> values{};
  std::int64_t value = 1;
  std::size_t i = 0;
  ((values[i++] = value, value *= levels), ...);
  return values;
}

/// How many codes there are, at most one more than can be.
constexpr std::int64_t count_codes(std::initializer_list<int> levels) {
  std::int64_t count = 1;
  for (int level : levels)
    count = std::min(saturating_multiply(count, level), most_scalar_codes + 1);
  return count;
}

/// The levels of codes.   codes : (…) i64 -> (…, D) f64, integers in [0, level)
template <int... levels> auto digits(const Operand auto &codes, Line line) {
  static constexpr Shape shape = with_ones(shape_of<decltype(codes)>, 1);
  constexpr std::array<std::int64_t, sizeof...(levels)> values = digit_values<levels...>();
  std::array<f64, sizeof...(levels)> step{}, next{};
  std::size_t i = 0;
  ((step[i] = f64(values[i]), next[i] = step[i] * levels, ++i), ...);
  // Whole rounds are taken off in integers, so that codes of any size are exact in f64.
  const std::int64_t all = values.back() * std::array{levels...}.back();
  const auto rounds = cast<i64>(floor(cast<f64>(codes) / f64(all)));
  let code(cast<f64>(reshaped<shape>(codes - all * rounds)), line);
  const auto base = per_feature<f64, levels...>([](int level) { return level; });
  let result(floor(code / vector_of(step)) - base * floor(code / vector_of(next)), line);
  return result;
}

/// The shape of the codes of z, whose last axis has one feature per number of levels.
constexpr Rule scalar_codes(const Shape &z, std::initializer_list<int> levels) {
  if (z.is_poison())
    return z;
  if (z.rank < 1 || !(z[-1] == Dim(std::int64_t(levels.size()))))
    return fail("levels for ", std::int64_t(levels.size()), " features, but z is ", z);
  for (int level : levels)
    if (level < 2)
      return fail("a feature needs 2 levels or more, got ", level);
  if (count_codes(levels) > most_scalar_codes)
    return fail("the levels make more than 2^52 codes");
  return without_axis(z, z.rank - 1);
}

} // namespace detail

/// What a scalar quantizer gives. Shape S is z's, C is S without the axis of features.
template <class T, Shape S, Shape C> struct ScalarQuantization {
  TensorOf<i64, C> codes;
  TensorOf<T, S> output;
};

/// Finite scalar quantization: feature i is bounded to `levels[i]` integers, rounded with the
/// gradient of the bounded value, and divided so that it lies in [-1, 1].   [Mentzer 2023, app.
/// A.1]
///     b = tanh(z + s) h - o,  output = floor(b + 1/2) / (L / 2),  h = (L - 1) (1 - 1e-3) / 2,
///     o = 1/2 and s = tan(o / h) for even L, both 0 for odd L; L / 2 rounded down.
/// A half is rounded up (the paper's code: to even). z : (…, D) with D levels, 2 or more each,
/// which make 2^52 codes or fewer -> output : (…, D), codes : (…) i64.
template <int... levels> auto fsq(const Operand auto &z, Line line = Line::current()) {
  using Z = std::remove_cvref_t<decltype(z)>;
  using T = element_of<Z>;
  static constexpr Rule rule =
      (is_float<T> || Z::shape.is_poison()
           ? detail::scalar_codes(Z::shape, {levels...})
           : fail("z must be f32, f64, bf16 or f16, got ", spell(dtype_of<T>)))
          .in("kerf: fsq: ");
  KERF_CHECK(rule);
  if constexpr (!rule.ok || rule.shape.is_poison()) {
    return ScalarQuantization<T, Shape::poison(), Shape::poison()>();
  } else {
    const auto half = [](int level) { return (level - 1) * (1 - 1e-3) / 2; };
    const auto offset = [](int level) { return level % 2 ? 0 : 0.5; };
    const auto shift = [&](int level) { return std::tan(offset(level) / half(level)); };
    using Wide = computed_t<T>;
    let width(detail::per_feature<Wide, levels...>([](int level) { return level / 2; }), line);
    let bounded(tanh(detail::widened(z) + detail::per_feature<Wide, levels...>(shift)) *
                        detail::per_feature<Wide, levels...>(half) -
                    detail::per_feature<Wide, levels...>(offset),
                line);
    let rounded(floor(bounded + 0.5), line);
    let output(detail::narrowed<T>(straight_through(bounded, rounded) / width), line);
    const auto values = detail::vector_of(detail::digit_values<levels...>());
    let codes(sum<-1>(cast<i64>(rounded + width) * values), line);
    return ScalarQuantization<T, Z::shape, rule.shape>{codes, output};
  }
}

/// The outputs of codes, bit for bit as `fsq` gives them; codes count modulo how many there are, so
/// that -1 is the last.   codes : (…) i64 -> (…, D)
template <class T, int... levels>
auto fsq_decode(const Operand auto &codes, Line line = Line::current()) {
  static_assert(std::is_same_v<element_of<decltype(codes)>, i64>,
                "kerf: fsq_decode: codes must be i64");
  static constexpr Rule rule = [] {
    Shape z = shape_of<decltype(codes)>;
    z.push(std::int64_t(sizeof...(levels)));
    return detail::scalar_codes(z, {levels...}).in("kerf: fsq_decode: ");
  }();
  KERF_CHECK(rule);
  if constexpr (!rule.ok) {
    return Splat<T, Shape::poison()>();
  } else {
    using Wide = computed_t<T>;
    const auto width = detail::per_feature<Wide, levels...>([](int level) { return level / 2; });
    let output(
        detail::narrowed<T>((cast<Wide>(detail::digits<levels...>(codes, line)) - width) / width),
        line);
    return output;
  }
}
template <int... levels> auto fsq_decode(const Operand auto &codes, Line line = Line::current()) {
  return fsq_decode<f32, levels...>(codes, line);
}

// ---- one bit per feature -----------------------------------------------------------------------

namespace detail {

/// Up to this many features, the probabilities of all 2^D codes are one array.
inline constexpr int most_exact_bits = 20;

/// `function<2, 2, …>()`, a 2 for each of the features.
template <int features> auto with_bits(auto function) {
  return [&]<int... i>(std::integer_sequence<int, i...>) {
    return function.template operator()<(0 * i + 2)...>();
  }(std::make_integer_sequence<int, features>());
}

/// The probabilities of all codes of the features `first` to `last`, which are independent in a
/// row. logits : (N, D), of a feature's upper level -> (N, 2^(last - first))
template <int first, int last> auto code_probabilities(const Operand auto &logits, Line line) {
  let upper(sigmoid(take<1, last - 1, last>(logits)), line);
  let lower(sigmoid(-take<1, last - 1, last>(logits)), line);
  if constexpr (last - first == 1) {
    return concat<1>(lower, upper);
  } else {
    let others(code_probabilities<first, last - 1>(logits, line), line);
    return concat<1>(others * lower, others * upper);
  }
}

/// sum of p log p, where 0 log 0 = 0. Row by row: there may be a million summands.
auto negative_entropy(const Operand auto &p) { return sum(sum<-1>(p * log(maximum(p, 1e-30)))); }

/// -H of the mean over the rows that count; see LookupFreeLosses.   logits : (N, D)
template <int features, Shape codes, class Set>
auto negative_batch_entropy(const Operand auto &logits, const Set &options, Line line) {
  let count(number_of_rows<element_of<decltype(logits)>, codes>(options), line);
  const auto mean_of_rows = [&](const auto &x) { return sum<0>(counted<1>(x, options)) / count; };
  if constexpr (features == 1) {
    let p(mean_of_rows(code_probabilities<0, 1>(logits, line)), line);
    return let(negative_entropy(p), line);
  } else if constexpr (features <= most_exact_bits) {
    let low(code_probabilities<0, features / 2>(logits, line), line);
    let high(counted<1>(code_probabilities<features / 2, features>(logits, line), options), line);
    let p(einsum<"n a, n b -> a b">(high, low) / count, line);
    return let(negative_entropy(p), line);
  } else {
    let upper(mean_of_rows(sigmoid(logits)), line);
    let lower(mean_of_rows(sigmoid(-logits)), line);
    return let(negative_entropy(upper) + negative_entropy(lower), line);
  }
}

template <class T, class O1, class O2> constexpr Rule lfq_codes(const Shape &z) {
  constexpr Rule options = options_rule<O1, O2>(entropy, mask);
  if constexpr (!options.ok)
    return options;
  else {
    if (z.is_poison())
      return z;
    if (z.rank < 1 || z[-1].is_named() || z[-1] == Dim(0))
      return fail("needs a known number of features on the last axis of z, got ", z);
    if (z[-1].value > 52)
      return fail("codes have at most 52 bits, but z ", z, " has ", z[-1], " features");
    const Shape codes = without_axis(z, z.rank - 1);
    using Set = decltype(option_set(std::declval<O1>(), std::declval<O2>()));
    using Temperature = OptionValue<Set, "entropy">;
    using Mask = OptionValue<Set, "mask">;
    if (!std::is_same_v<Temperature, NoOption> && !is_number<Temperature, T>())
      return fail("entropy is the temperature of its softmax: a number or a scalar of type ",
                  spell(dtype_of<T>));
    if (!std::is_same_v<Mask, NoOption> && !is_tensor<Mask, i1>(codes))
      return fail("mask is i1, a truth per row of z: ", codes);
    return codes;
  }
}

} // namespace detail

/// Losses of `lfq`, none weighted, means over the rows that count.
///
///     commitment   mean (z - stop_gradient(sign))^2
///     entropy      mean over rows of H(p), p(c) = softmax(-|z - c|^2 / t) over all codes c: small
///     if
///                  bits are decided. The sum over bits, which are independent in a row: exact.
///     diversity    -H(mean over rows of p), in [-D log 2, 0]: small if codes are used alike
///                  [Yu 2023, eq. 5: entropy + diversity]. Exact up to D = 20, by products of the
///                  probabilities of half the bits each, so there is no array of N x 2^D. Beyond,
///                  as if bits were independent in the mean as well, which is never more [Zhao
///                  2024, eq. 9].
template <class T, bool has_entropy> struct LookupFreeLosses;
template <class T> struct LookupFreeLosses<T, false> {
  Tensor<T> commitment;
};
template <class T> struct LookupFreeLosses<T, true> {
  Tensor<T> commitment, entropy, diversity;
};

/// What `lfq` gives. Shape S is z's, C is S without the axis of features.
template <class T, Shape S, Shape C, bool has_entropy> struct LookupFreeQuantization {
  TensorOf<i64, C> codes;
  TensorOf<T, S> output;
  LookupFreeLosses<T, has_entropy> losses;
};

/// Lookup-free quantization: the sign of each feature, with the gradient of the feature; code =
/// sum_i 2^i [z_i > 0]. The sign of 0 and of NaN is -1.   [Yu 2023, eq. 3-4]
/// z : (…, D), D <= 52 -> output : (…, D), 1 or -1, codes : (…) i64. Options:
///     entropy   asks for losses.entropy and losses.diversity; its value is their temperature, t
///               (0.01 is usual)
///     mask      i1, of the shape of the codes: where it is false, a row has code -1 and output 0,
///               no gradient and no part in a loss
template <Operand Z, class O1 = detail::NoOption, class O2 = detail::NoOption>
auto lfq(const Z &input, const O1 &o1 = {}, const O2 &o2 = {}, Line line = Line::current()) {
  using namespace detail;
  using T = element_of<Z>;
  static constexpr Rule rule =
      (is_float<T> || Z::shape.is_poison()
           ? lfq_codes<T, O1, O2>(Z::shape)
           : fail("z must be f32, f64, bf16 or f16, got ", spell(dtype_of<T>)))
          .in("kerf: lfq: ");
  KERF_CHECK(rule);
  if constexpr (!rule.ok || rule.shape.is_poison()) {
    return LookupFreeQuantization<T, Shape::poison(), Shape::poison(), true>();
  } else {
    constexpr int features = int(Z::shape[-1].value), last = Z::shape.rank - 1;
    const auto options = option_set(o1, o2);
    using Asked = VqChoices<std::remove_cvref_t<decltype(options)>>;
    constexpr bool has_entropy = Asked::template given<typename Asked::Entropy>;
    using Wide = computed_t<T>;
    let z(counted<last>(widened(input), options), line);
    let is_upper(z > 0, line);
    let sign(counted<last>(2 * cast<Wide>(is_upper) - 1, options), line);
    const auto values = with_bits<features>([]<int... two>() { return digit_values<two...>(); });
    let code(sum<-1>(cast<i64>(is_upper) * vector_of(values)), line);
    LookupFreeQuantization<T, Z::shape, rule.shape, has_entropy> result;
    if constexpr (Asked::is_masked)
      result.codes = TensorOf<i64, rule.shape>(select(value_of(options, mask), code, -1), line);
    else
      result.codes = code;
    result.output = TensorOf<T, Z::shape>(narrowed<T>(straight_through(z, sign)), line);
    LookupFreeLosses<Wide, has_entropy> losses;
    losses.commitment = Tensor<Wide>(row_mse<last>(z, stop_gradient(sign), options), line);
    if constexpr (has_entropy) {
      let logits(4 * as_rows<last>(z) / number_of(options, entropy), line); // of the upper level
      let size(abs(logits), line);
      let tail(exp(-size), line);
      let of_bit(log1p(tail) + size * tail / (1 + tail), line); // (N, D)
      let of_row(counted<1>(sum<1, keep>(of_bit), options), line);
      losses.entropy = Tensor<Wide>(sum(of_row) / number_of_rows<Wide, rule.shape>(options), line);
      losses.diversity =
          Tensor<Wide>(negative_batch_entropy<features, rule.shape>(logits, options, line), line);
    }
    result.losses = cast_tree<decltype(result.losses)>(losses, line);
    return result;
  }
}

/// The outputs of codes, which count modulo 2^D: -1, a row that did not count, gives ones.
/// codes : (…) i64 -> (…, D)
template <int features, class T = f32>
auto lfq_decode(const Operand auto &codes, Line line = Line::current()) {
  static_assert(std::is_same_v<element_of<decltype(codes)>, i64>,
                "kerf: lfq_decode: codes must be i64");
  static_assert(features >= 1 && features <= 52, "kerf: lfq_decode: codes have 1 to 52 bits");
  const auto bits = detail::with_bits<features>(
      [&]<int... two>() { return detail::digits<two...>(codes, line); });
  let output(2 * cast<T>(bits) - 1, line);
  return output;
}

} // namespace kerf
