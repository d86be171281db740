// Vector quantization: every row of z is replaced by a row of a codebook   [van den Oord 2017]
//
//     auto q = vq(z, codebook);                                // z : (B, T, D), codebook : (K, D)
//     auto q = vq<1>(z, codebook, estimator = rotation_trick); // z : (B, D, H, W)
//     let loss = mse(decoder(q.output), x) + q.losses.codebook + 0.25 * q.losses.commitment;
//
// Plain tensor code, of which the compiler makes `kerf.vq`: scores that only the choice of a code
// reads never exist as an array.
#pragma once

#include "kerf/losses.h"
#include "kerf/module.h"
#include "kerf/random.h"
#include "kerf/vq_options.h"

namespace kerf {

// ---- results -------------------------------------------------------------------------------

/// Losses of a quantization, none weighted; means are over the elements of rows that count, and 0
/// if none does.
///
///     codebook       mean (q - stop_gradient(z))^2: draws codes to rows   [van den Oord 2017]
///     commitment     mean (z - stop_gradient(q))^2: draws rows to codes   [the same]
///     entropy        mean over rows of H(p), p = softmax(scores / t): small if rows are decided
///     diversity      -H(mean over rows of p), in [-log K, 0]: small if codes are used alike
///                    [Jansen 2019; Yu 2023: entropy + diversity]
///     orthogonality  |E E^T - I|^2 / K^2, the K rows of E of length one   [Shin 2021, eq. 2]
template <class T, bool has_entropy, bool has_orthogonality> struct QuantizationLosses;
template <class T> struct QuantizationLosses<T, false, false> {
  Tensor<T> codebook, commitment;
};
template <class T> struct QuantizationLosses<T, true, false> {
  Tensor<T> codebook, commitment, entropy, diversity;
};
template <class T> struct QuantizationLosses<T, false, true> {
  Tensor<T> codebook, commitment, orthogonality;
};
template <class T> struct QuantizationLosses<T, true, true> {
  Tensor<T> codebook, commitment, entropy, diversity, orthogonality;
};

/// What `vq` gives. Shape S is z's, C is S without the axis of features.
template <class T, Shape S, Shape C, class Losses> struct Quantization {
  TensorOf<i64, C> codes;   ///< index of the code of each row, -1 where the mask is false
  TensorOf<T, S> quantized; ///< that code; its gradient goes to the codebook
  TensorOf<T, S> output;    ///< the same value (a mixture of codes by gumbel_softmax), with the
                            ///< estimator's gradient
  Losses losses;
};

namespace detail {

/// While it lives, what is emitted belongs to the module of a codebook that is a parameter.
template <class E> struct CodebookScope {
  CodebookScope(const E &) {}
};
template <class T, Shape S> struct CodebookScope<ParamOf<T, S>> : Scope {
  using Scope::Scope;
};

// ---- layout --------------------------------------------------------------------------------

/// Axis `from` moved to place `to`, the order of the others kept.
template <int from, int to> auto moved_axis(const Operand auto &x) {
  constexpr Ints permutation = [] {
    Ints axes;
    for (int i = 0; axes.size() < shape_of<decltype(x)>.rank; ++i) {
      if (axes.size() == to)
        axes.push(from);
      if (i != from && axes.size() < shape_of<decltype(x)>.rank)
        axes.push(i);
    }
    return axes;
  }();
  return transposed<permutation>(x);
}

/// z as one row per code.   S -> (N, D)
template <int axis> auto as_rows(const Operand auto &z) {
  constexpr Shape shape = shape_of<decltype(z)>;
  return reshaped<Shape::of(without_axis(shape, axis).numel(), shape[axis])>(
      moved_axis<axis, shape.rank - 1>(z));
}

/// Rows in z's layout.   (N, D) or (…, D) -> S
template <int axis, Shape S> auto from_rows(const Operand auto &rows) {
  constexpr Shape features_last = with_axis(without_axis(S, axis), S.rank - 1, S[axis]);
  return moved_axis<S.rank - 1, axis>(reshaped<features_last>(rows));
}

/// x, and 0 in the rows that the mask leaves out. A row is along `axis`.
template <int axis, class Set> auto counted(const Operand auto &x, const Set &options) {
  if constexpr (VqChoices<Set>::is_masked) {
    constexpr Shape one_per_row = with_extent(shape_of<decltype(x)>, axis, 1);
    return select(reshaped<one_per_row>(value_of(options, mask)), x, 0);
  } else {
    return x;
  }
}

/// How many rows count; 1 if none, so that a mean over them is 0.
template <class T, Shape codes, class Set> auto number_of_rows(const Set &options) {
  if constexpr (VqChoices<Set>::is_masked)
    return cast<T>(maximum(sum(cast<i64>(value_of(options, mask))), 1));
  else
    return Count<T, codes>{};
}

/// The value of an option, a number or a scalar, or `otherwise`, as it is computed with.
template <class Set, Name name>
auto number_of(const Set &options, Option<name> option, double otherwise = 1) {
  const auto number = option_or(options, option, otherwise);
  if constexpr (Operand<decltype(number)>)
    return widened(number);
  else
    return number;
}

/// |x| along an axis, which stays with extent 1; `least` if it is less.
template <int axis> auto length(const Operand auto &x, double least) {
  return sqrt(maximum(sum<axis, keep>(square(x)), least * least));
}

/// x as the metric compares it: its rows, along `axis`, of length one for cosine.
template <class Metric, int axis> auto as_compared(const Operand auto &x, Line line) {
  if constexpr (std::is_same_v<Metric, Cosine>)
    return let(x / length<axis>(x, 1e-12), line);
  else
    return x;
}

// ---- codes ---------------------------------------------------------------------------------

/// The center of codes as the op `vq` has it: of at most 64 of them the mean, in the features where
/// that is far from 0 for how they are spread, else 0. Rows and codes less the center have the same
/// order and the same softmax, and the digits that a common offset would eat; so it is a constant.
///   (K, D) -> (D)
auto center_of(const Operand auto &e, Line line) {
  using E = std::remove_cvref_t<decltype(e)>;
  constexpr std::int64_t count = std::min<std::int64_t>(E::shape[0].value, 64);
  constexpr std::int64_t step = std::max<std::int64_t>(E::shape[0].value / 64, 1);
  constexpr Shape limits = Shape::of((count - 1) * step + 1, E::shape[1]);
  let some((slice<Ints::of(0, 0), limits, Ints::of(step, 1)>(stop_gradient(e))), line);
  let total(sum<0>(some), line);
  let mean(total / double(count), line);
  return let(select(1.25 * (mean * total) > sum<0>(square(some)), mean, 0), line);
}

/// What is least for the nearest code: |e|^2 - 2 z.e, or -z.e.   (N, D), (K, D) -> (N, K)
template <class Metric> auto distances(const Operand auto &rows, const Operand auto &e) {
  if constexpr (std::is_same_v<Metric, L2>)
    return sum<1>(square(e)) - einsum<"n d, k d -> n k">(2 * rows, e);
  else
    return -einsum<"n d, k d -> n k">(rows, e);
}

/// The same where more is made of them than the nearest code, for which the op `vq` takes the
/// center by itself. So many codes as only `bind` says have none.
template <class Metric>
auto centered_distances(const Operand auto &rows, const Operand auto &e, Line line) {
  if constexpr (std::is_same_v<Metric, L2> && !shape_of<decltype(e)>[0].is_named()) {
    const auto center = center_of(e, line);
    let from_center(rows - center, line);
    let codes(e - center, line);
    return distances<L2>(from_center, codes);
  } else {
    return distances<Metric>(rows, e);
  }
}

/// Gumbel noise for scores, in their type.   (N, K)
auto noise_for(const Operand auto &distance, const Operand auto &key) {
  using T = element_of<decltype(distance)>;
  if constexpr (std::is_same_v<T, f32>)
    return gumbel_like(key, distance);
  else
    return cast<T>(gumbel_like(key, distance));
}

/// Distances of which the least is the code to take: with noise where codes are drawn. To divide
/// scores by a temperature is to multiply their noise by it.
template <class Set>
auto noisy_distances(const Operand auto &distance, const Set &options, Line line) {
  using Asked = VqChoices<Set>;
  if constexpr (Asked::samples)
    return let(distance -
                   number_of(options, temperature) * noise_for(distance, value_of(options, key)),
               line);
  else if constexpr (Asked::is_gumbel)
    return let(distance - noise_for(distance, value_of(options, key)), line);
  else
    return distance;
}

/// Ends the program if an option that is a number is not above 0.
template <class Set, Name name>
void require_positive(const Set &options, Option<name> option, Line line) {
  const auto value = option_or(options, option, 1);
  if constexpr (!Operand<decltype(value)>)
    if (!(value > 0)) {
      std::fprintf(stderr,
                   "%s:%u: error: vq: %s is %g, but a softmax is divided by it: take a number "
                   "above 0\n",
                   line.file_name(), unsigned(line.line()), name.characters, double(value));
      std::exit(1);
    }
}

// ---- estimators ----------------------------------------------------------------------------

/// c R z with constants c and R: R z = z - 2 r (r.z) + 2 v (u.z), u and v the unit vectors of z and
/// q, r that of u + v.   [Fifty 2024]
template <int axis> auto rotated(const Operand auto &z, const Operand auto &q, Line line) {
  const auto along = [](const auto &a, const auto &b) { return sum<axis, keep>(a * b); };
  let from(stop_gradient(z), line);
  let to(stop_gradient(q), line);
  let from_length(length<axis>(from, 1e-6), line);
  let to_length(length<axis>(to, 1e-6), line);
  let u(from / from_length, line);
  let v(to / to_length, line);
  let r((u + v) / length<axis>(u + v, 1e-6), line);
  let turned(z - 2 * (r * along(r, z)) + 2 * (v * along(u, z)), line);
  return let(to_length / from_length * turned, line);
}

/// The weights of all codes in a row.   (N, K)
template <class Set>
auto soft_weights(const Operand auto &distance, const Operand auto &noisy, const Set &options,
                  Line line) {
  const auto t = number_of(options, temperature);
  if constexpr (VqChoices<Set>::is_gumbel)
    return let(softmax<1>(-noisy / t, line), line);
  else
    return let(softmax<1>(-distance / t, line), line);
}

/// The output of a quantization by its estimator.   z, q : S; distances : (N, K); e : (K, D) -> S
template <int axis, class Set>
auto estimate(const Operand auto &z, const Operand auto &q, const Operand auto &distance,
              const Operand auto &noisy, const Operand auto &e, const Set &options, Line line) {
  using Asked = VqChoices<Set>;
  using Estimator = typename Asked::Estimator;
  using T = element_of<decltype(z)>;
  constexpr Shape S = shape_of<decltype(z)>;
  const auto mixture = [&](const auto &weights) {
    return counted<axis>(from_rows<axis, S>(einsum<"n k, k d -> n d">(weights, e)), options);
  };
  if constexpr (std::is_same_v<Estimator, StraightThroughEstimator>) {
    return let(straight_through(z, q), line);
  } else if constexpr (std::is_same_v<Estimator, RotationTrick>) {
    return let(straight_through(rotated<axis>(z, q, line), q), line);
  } else if constexpr (std::is_same_v<Estimator, GumbelSoftmax>) {
    return let(mixture(soft_weights(distance, noisy, options, line)), line);
  } else {
    // P = one_hot(codes) + y - stop_gradient(y), of which P @ e = q + (y - stop_gradient(y)) @ e;
    // what is subtracted from itself is a 0 with y's gradient.
    const auto y = soft_weights(distance, noisy, options, line);
    let zero(straight_through(y, full_like<T>(y, 0)), line);
    return let(straight_through(q + mixture(zero), q), line);
  }
}

// ---- losses --------------------------------------------------------------------------------

/// mean((a - b)^2) over the elements of rows that count; a = b in all others.
template <int axis, class Set>
auto row_mse(const Operand auto &a, const Operand auto &b, const Set &options) {
  using T = element_of<decltype(a)>;
  constexpr Shape shape = shape_of<decltype(a)>;
  if constexpr (VqChoices<Set>::is_masked)
    return sum(square(a - b)) / (number_of_rows<T, without_axis(shape, axis)>(options) *
                                 Count<T, Shape::of(shape[axis])>{});
  else
    return mse(a, b);
}

/// Sets losses.entropy and losses.diversity. Sums over codes come first, so that rows can be
/// taken one after another.   distance : (N, K)
template <Shape codes, class Set>
void set_entropies(auto &losses, const Operand auto &distance, const Set &options, Line line) {
  using T = element_of<decltype(distance)>;
  let x(-distance / number_of(options, entropy), line);
  let shifted(x - stop_gradient(max<1, keep>(x)), line);
  let weight(exp(shifted), line);
  let total(sum<1, keep>(weight), line);                                 // (N, 1)
  let of_row(log(total) - sum<1, keep>(weight * shifted) / total, line); // (N, 1), H(p)
  let count(number_of_rows<T, codes>(options), line);
  losses.entropy = Tensor<T>(sum(counted<1>(of_row, options)) / count, line);
  let usage(sum<0>(counted<1>(weight / total, options)) / count, line);        // (K)
  losses.diversity = Tensor<T>(sum(usage * log(maximum(usage, 1e-20))), line); // 0 log 0 = 0
}

/// |E E^T - I|^2 = sum_k (sum_j (e_k.e_j)^2 - 2 |e_k|^2 + 1), over K^2; rows of E have length one.
auto orthogonality_of(const Operand auto &e, Line line) {
  using T = element_of<decltype(e)>;
  constexpr Shape K = Shape::of(shape_of<decltype(e)>[0]);
  let unit(e / length<1>(e, 1e-12), line);
  let products(einsum<"k d, j d -> k j">(unit, unit), line);
  let each(sum<1>(square(products)) - 2 * sum<1>(square(unit)) + 1, line);
  return let(sum(each) / square(Count<T, K>{}), line);
}

/// The same over the codes that a row has taken.
template <class Set>
auto orthogonality_of_used(const Operand auto &e, const Operand auto &codes, const Set &options,
                           Line line) {
  using T = element_of<decltype(e)>;
  constexpr Dim K = shape_of<decltype(e)>[0];
  const auto one = [&] {
    if constexpr (VqChoices<Set>::is_masked)
      return cast<T>(value_of(options, mask));
    else
      return full_like<T>(codes, 1);
  }();
  let used(minimum(scatter_add<K.value>(one, codes), 1), line); // (K), 0 or 1
  let unit(rearrange<"k -> k 1">(used) * e / length<1>(e, 1e-12), line);
  let products(einsum<"k d, j d -> k j">(unit, unit), line);
  let each(sum<1>(square(products)) - 2 * sum<1>(square(unit)) + used, line);
  return let(sum(each) / maximum(square(sum(used)), 1), line);
}

// ---- all of it -----------------------------------------------------------------------------

/// A quantization as options ask for it; `vq_rule` has been checked. Of narrow floats in f32: the
/// nearest code is that of the numbers that they are.
template <int axis, class Set>
auto quantize(const Operand auto &input, const Operand auto &codebook, const Set &options,
              Line line) {
  using Asked = VqChoices<Set>;
  using T = element_of<decltype(input)>;
  constexpr Shape S = shape_of<decltype(input)>, codes_shape = without_axis(S, axis);
  require_positive(options, temperature, line);
  require_positive(options, entropy, line);
  constexpr bool has_entropy = Asked::template given<typename Asked::Entropy>;
  constexpr bool has_orthogonality = Asked::template given<typename Asked::Orthogonality>;
  let given(counted<axis>(widened(input), options), line);
  let all_codes(widened(codebook), line);
  using Wide = computed_t<T>;
  const auto z = as_compared<typename Asked::Metric, axis>(given, line);
  const auto e = as_compared<typename Asked::Metric, 1>(all_codes, line);

  const auto distance = [&] { // (N, K)
    if constexpr (Asked::is_soft || has_entropy)
      return let(centered_distances<typename Asked::Metric>(as_rows<axis>(z), e, line), line);
    else
      return let(distances<typename Asked::Metric>(as_rows<axis>(z), e), line);
  }();
  const auto noisy = noisy_distances(distance, options, line);
  let nearest(reshaped<codes_shape>(argmin<1>(noisy)), line);

  Quantization<T, S, codes_shape, QuantizationLosses<T, has_entropy, has_orthogonality>> result;
  if constexpr (Asked::is_masked)
    result.codes = TensorOf<i64, codes_shape>(select(value_of(options, mask), nearest, -1), line);
  else
    result.codes = nearest;
  let q(counted<axis>(from_rows<axis, S>(gather(e, result.codes)), options), line);
  result.quantized = cast_tree<TensorOf<T, S>>(TensorOf<Wide, S>(q), line);
  result.output = cast_tree<TensorOf<T, S>>(
      TensorOf<Wide, S>(estimate<axis>(z, q, distance, noisy, e, options, line)), line);
  QuantizationLosses<Wide, has_entropy, has_orthogonality> losses;
  losses.codebook = Tensor<Wide>(row_mse<axis>(q, stop_gradient(z), options), line);
  losses.commitment = Tensor<Wide>(row_mse<axis>(z, stop_gradient(q), options), line);
  if constexpr (has_entropy)
    set_entropies<codes_shape>(losses, distance, options, line);
  if constexpr (std::is_same_v<typename Asked::Orthogonality, AllCodes>)
    losses.orthogonality = orthogonality_of(e, line);
  else if constexpr (has_orthogonality)
    losses.orthogonality = orthogonality_of_used(e, result.codes, options, line);
  result.losses = cast_tree<decltype(result.losses)>(losses, line);
  return result;
}

/// `vq` for wrappers, whose options are a pack: the line comes first.
template <int axis, class Z, class E, class... Options>
auto vq_at(Line line, const Z &z, const E &codebook, const Options &...options) {
  static constexpr Rule rule = vq_rule<axis, Z, E, Options...>().in("kerf: vq: ");
  KERF_CHECK(rule);
  if constexpr (rule.ok && !rule.shape.is_poison()) {
    const CodebookScope<E> scope(codebook);
    return quantize<int(from_front(axis, Z::shape))>(z, codebook, option_set(options...), line);
  } else {
    return Quantization<f32, Shape::poison(), Shape::poison(),
                        QuantizationLosses<f32, true, true>>();
  }
}

} // namespace detail

/// Replaces every row of z, along `axis`, by a code: a row of the codebook, which is not changed.
/// z : S, any rank; codebook : (K, D) -> codes : S without the axis; quantized, output : S
/// Options, each documented where it is declared in kerf/vq_options.h:
///     metric       l2, dot, cosine
///     selection    nearest, sampled
///     estimator    straight_through_estimator, rotation_trick, gumbel_softmax,
///                  straight_through_gumbel_softmax, index_backpropagation
///     temperature, key, mask, entropy, orthogonality
/// Losses are not weighted: `q.losses.codebook + 0.25 * q.losses.commitment`.
template <int axis = -1, Operand Z, Operand E, class O1 = detail::NoOption,
          class O2 = detail::NoOption, class O3 = detail::NoOption, class O4 = detail::NoOption,
          class O5 = detail::NoOption, class O6 = detail::NoOption, class O7 = detail::NoOption,
          class O8 = detail::NoOption>
auto vq(const Z &z, const E &codebook, const O1 &o1 = {}, const O2 &o2 = {}, const O3 &o3 = {},
        const O4 &o4 = {}, const O5 &o5 = {}, const O6 &o6 = {}, const O7 &o7 = {},
        const O8 &o8 = {}, Line line = Line::current()) {
  return detail::vq_at<axis>(line, z, codebook, o1, o2, o3, o4, o5, o6, o7, o8);
}

/// The k codes with the largest scores, the best first; equal scores in the order of their indices.
/// Option: metric (l2).   z : S, codebook : (K, D) -> i64, S without the axis, then k
///     nearest_codes<4>(z, codebook, metric = cosine)
template <std::int64_t k, int axis = -1, Operand Z, Operand E, class O1 = detail::NoOption>
auto nearest_codes(const Z &z, const E &codebook, const O1 &o1 = {}, Line line = Line::current()) {
  static constexpr Rule rule =
      detail::nearest_codes_rule<k, axis, Z, E, O1>().in("kerf: nearest_codes: ");
  KERF_CHECK(rule);
  if constexpr (rule.ok && !rule.shape.is_poison()) {
    using Metric = typename detail::VqChoices<decltype(detail::option_set(o1))>::Metric;
    const detail::CodebookScope<E> scope(codebook);
    let all_codes(detail::widened(codebook), line);
    const auto e = detail::as_compared<Metric, 1>(all_codes, line);
    let rows(detail::as_rows<int(detail::from_front(axis, Z::shape))>(detail::widened(z)), line);
    let codes(top_k<k>(-detail::centered_distances<Metric>(rows, e, line)), line);
    return let(detail::reshaped<rule.shape>(codes), line);
  } else {
    return TensorOf<i64, Shape::poison()>();
  }
}

/// The rows that codes stand for: what `vq` gave as `quantized`; the axis of features is `axis` of
/// the result. Option: metric = cosine for codes of length one. Codes outside [0, K) are clamped,
/// so -1, a row that did not count, gives the first. codebook : (K, D), codes : any shape C -> C
/// with D at the axis
template <int axis = -1, Operand E, Operand C, class O1 = detail::NoOption>
auto decode(const E &codebook, const C &codes, const O1 &o1 = {}, Line line = Line::current()) {
  static constexpr Rule rule = detail::decode_rule<axis, E, C, O1>().in("kerf: decode: ");
  KERF_CHECK(rule);
  if constexpr (rule.ok && !rule.shape.is_poison()) {
    using Metric = typename detail::VqChoices<decltype(detail::option_set(o1))>::Metric;
    constexpr int place = int(detail::from_front(axis, rule.shape));
    const detail::CodebookScope<E> scope(codebook);
    let all_codes(detail::widened(codebook), line);
    const auto e = detail::as_compared<Metric, 1>(all_codes, line);
    const auto rows = detail::from_rows<place, rule.shape>(gather(e, codes));
    return let(detail::narrowed<element_of<E>>(rows), line);
  } else {
    return TensorOf<f32, Shape::poison()>();
  }
}

} // namespace kerf
