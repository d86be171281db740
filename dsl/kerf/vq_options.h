// The options of `vq`: what they are called, what they take, what goes with what.
#pragma once

#include "kerf/derived.h"

namespace kerf {

// Beside these: `key`, of the Gumbel noise, and `mask`, which rows count: i1, of the shape of the
// codes. The others have code -1, quantized and output 0, no gradient and no part in a loss; what
// stands in them does not matter, NaN included.

/// How near a row z is to a code e: a score, of which the largest wins. Default: l2.
inline constexpr auto &metric = option<"metric">;
/// -|z - e|^2 (computed as 2 z.e - |e|^2, the same up to a constant of each row; of both less a
/// center where codes are far from 0).
inline constexpr struct L2 {
} l2{};
/// z.e
inline constexpr struct Dot {
} dot{};
/// z.e of unit vectors. Rows and codes are normalised first, all else is then of these: `quantized`
/// is a unit vector, and so are what losses and estimators see.   [Yu 2021]
/// Scores of f32 are rounded by 1e-7, as angles of 4e-4 are: l2 of unit vectors tells such apart.
inline constexpr struct Cosine {
} cosine{};

/// Which code a row takes. Default: nearest.
inline constexpr auto &selection = option<"selection">;
/// The code with the largest score, the lowest index of equal ones.
inline constexpr struct Nearest {
} nearest{};
/// A code drawn from softmax(scores / temperature), as the largest of scores / temperature + Gumbel
/// noise. Needs temperature and key.   [Gumbel 1954; Maddison 2014]
inline constexpr struct Sampled {
} sampled{};

/// What `output` is, and where its gradient g goes. Default: straight_through_estimator.
inline constexpr auto &estimator = option<"estimator">;
/// dz = g.   [Bengio 2013; van den Oord 2017]
inline constexpr struct StraightThroughEstimator {
} straight_through_estimator{};
/// output = c R z, dz = c R^T g, with c = |q| / |z| and R the rotation of z onto its code q, both
/// constants; never a D x D matrix. A length below 1e-6 counts as 1e-6.   [Fifty 2024]
inline constexpr struct RotationTrick {
} rotation_trick{};
/// output = softmax((scores + Gumbel noise) / temperature) @ codebook: a mixture of codes, the
/// derivative its own; `codes` are where the noisy scores are largest. Needs temperature and key.
/// [Jang 2017; Maddison 2017]
inline constexpr struct GumbelSoftmax {
} gumbel_softmax{};
/// The code of the largest noisy score, the gradient of P @ codebook with P = one_hot(codes) + y -
/// stop_gradient(y), y the weights of gumbel_softmax.   [Jang 2017, section 2.2]
inline constexpr struct StraightThroughGumbelSoftmax {
} straight_through_gumbel_softmax{};
/// The same with y = softmax(scores / temperature), temperature 1 if not given: all codes learn
/// from every row.   [Shi 2024]
inline constexpr struct IndexBackpropagation {
} index_backpropagation{};

/// Of sampled selection and of the softmax of estimators: a number, or a scalar of z's type. > 0.
inline constexpr auto &temperature = option<"temperature">;
/// Asks for losses.entropy and losses.diversity; its value is the temperature of their softmax.
inline constexpr auto &entropy = option<"entropy">;
/// Asks for losses.orthogonality, of all_codes or of used_codes, those that a row has taken.
inline constexpr auto &orthogonality = option<"orthogonality">;
inline constexpr struct AllCodes {
} all_codes{};
inline constexpr struct UsedCodes {
} used_codes{};

namespace detail {

template <class X, class... Candidates>
inline constexpr bool is_one_of = (std::is_same_v<X, Candidates> || ...);

/// What a set of options means for a quantization.
template <class Set> struct VqChoices {
  using Metric = OptionValue<Set, "metric", L2>;
  using Selection = OptionValue<Set, "selection">;
  using Estimator = OptionValue<Set, "estimator", StraightThroughEstimator>;
  using Temperature = OptionValue<Set, "temperature">;
  using NoiseKey = OptionValue<Set, "key">;
  using Mask = OptionValue<Set, "mask">;
  using Entropy = OptionValue<Set, "entropy">;
  using Orthogonality = OptionValue<Set, "orthogonality">;

  template <class Value> static constexpr bool given = !std::is_same_v<Value, NoOption>;
  static constexpr bool samples = std::is_same_v<Selection, Sampled>;
  static constexpr bool is_gumbel =
      is_one_of<Estimator, GumbelSoftmax, StraightThroughGumbelSoftmax>;
  static constexpr bool is_noisy = samples || is_gumbel;
  static constexpr bool is_soft = is_gumbel || is_one_of<Estimator, IndexBackpropagation>;
  static constexpr bool is_masked = given<Mask>;
};

/// A number, or a scalar of type T.
template <class X, class T> constexpr bool is_number() {
  if constexpr (Operand<X>)
    return std::is_same_v<element_of<X>, T> && shape_of<X> == Shape{};
  else
    return Scalar<X>;
}

/// A tensor of this element type and shape.
template <class X, class T> constexpr bool is_tensor(const Shape &shape) {
  if constexpr (Operand<X>)
    return std::is_same_v<element_of<X>, T> && shape_of<X> == shape;
  else
    return false;
}

/// Do rows z and a codebook fit? The answer is the shape of the codes.
template <class Z, class E> constexpr Rule vq_operands(int axis) {
  const Shape &z = shape_of<Z>, &e = shape_of<E>;
  if (z.is_poison() || e.is_poison())
    return Shape::poison();
  const int at = int(from_front(axis, z));
  if (at < 0 || at >= z.rank)
    return fail("the axis of features, ", axis, ", is outside z of ", z);
  if (e.rank != 2)
    return fail("a codebook is [codes, features], got ", e);
  if (!is_float<element_of<Z>>)
    return fail("z must be f32, f64, bf16 or f16, got ", spell(dtype_of<element_of<Z>>));
  if (!(z[at] == e[1]))
    return fail("z has ", z[at], " features along axis ", at, " of ", z, ", but the codes are ", e);
  return equal_types<Z, E>(without_axis(z, at));
}

/// Are the values of options such as they take, and is what they need given and nothing else?
template <class T, class Set> constexpr Rule vq_options(const Rule &codes) {
  using Asked = VqChoices<Set>;
  using Estimator = typename Asked::Estimator;
  constexpr bool has_temperature = Asked::template given<typename Asked::Temperature>;
  constexpr bool has_key = Asked::template given<typename Asked::NoiseKey>;
  if (!is_one_of<typename Asked::Metric, L2, Dot, Cosine>)
    return fail("metric is l2, dot or cosine");
  if (!is_one_of<typename Asked::Selection, NoOption, Nearest, Sampled>)
    return fail("selection is nearest or sampled");
  if (!is_one_of<Estimator, StraightThroughEstimator, RotationTrick, GumbelSoftmax,
                 StraightThroughGumbelSoftmax, IndexBackpropagation>)
    return fail("estimator is straight_through_estimator, rotation_trick, gumbel_softmax, "
                "straight_through_gumbel_softmax or index_backpropagation");
  if (!is_one_of<typename Asked::Orthogonality, NoOption, AllCodes, UsedCodes>)
    return fail("orthogonality is all_codes or used_codes");
  if (Asked::is_gumbel && Asked::template given<typename Asked::Selection>)
    return fail("gumbel_softmax draws the codes itself; leave selection out");
  if (Asked::samples && is_one_of<Estimator, RotationTrick>)
    return fail("rotation_trick diverges with sampled codes, which may be far from z; use "
                "straight_through_estimator");
  if (Asked::is_noisy && !has_key)
    return fail("codes are drawn, so it needs key = <a Key>");
  if ((Asked::samples || Asked::is_gumbel) && !has_temperature)
    return fail("codes are drawn, so it needs temperature = <a number>");
  if (!Asked::is_noisy && has_key)
    return fail("nothing is drawn, so key has no use");
  if (!Asked::is_noisy && !Asked::is_soft && has_temperature)
    return fail("nothing is soft or drawn, so temperature has no use");
  if (has_temperature && !is_number<typename Asked::Temperature, T>())
    return fail("temperature is a number or a scalar of type ", spell(dtype_of<T>));
  if (has_key && !is_tensor<typename Asked::NoiseKey, u32>(Shape::of(2)))
    return fail("key is a Key");
  if (Asked::is_masked && !is_tensor<typename Asked::Mask, i1>(codes.shape))
    return fail("mask is i1, a truth per row of z: ", codes.shape);
  if (Asked::template given<typename Asked::Entropy> && !is_number<typename Asked::Entropy, T>())
    return fail("entropy is the temperature of its softmax: a number or a scalar of type ",
                spell(dtype_of<T>));
  return codes;
}

/// The shape of the codes, or what is wrong with a quantization.
template <int axis, class Z, class E, class... Options> constexpr Rule vq_rule() {
  constexpr Rule options = options_rule<Options...>(metric, kerf::selection, estimator, temperature,
                                                    key, mask, entropy, orthogonality);
  if constexpr (!options.ok) {
    return options;
  } else {
    const Rule codes = vq_operands<Z, E>(axis);
    using Set = decltype(option_set(std::declval<Options>()...));
    return codes.ok && !codes.shape.is_poison() ? vq_options<element_of<Z>, Set>(codes) : codes;
  }
}

/// `codes` with the features of `e` as axis `axis`.
constexpr Rule decoded_shape(int axis, const Shape &e, const Shape &codes) {
  const int rank = codes.rank + 1, place = axis < 0 ? axis + rank : axis;
  if (rank > max_rank || place < 0 || place >= rank)
    return fail("the axis of features, ", axis, ", is outside the result of codes ", codes);
  Shape result;
  for (int i = 0; i < rank; ++i)
    result.push(i == place ? e[1] : codes[i < place ? i : i - 1]);
  return result;
}

/// `rule`, if the option is a metric or none.
template <class O> constexpr Rule only_metric(const Rule &rule) {
  constexpr Rule option = options_rule<O>(metric);
  if constexpr (!option.ok) {
    return option;
  } else {
    using Set = decltype(option_set(std::declval<O>()));
    if (!is_one_of<typename VqChoices<Set>::Metric, L2, Dot, Cosine>)
      return fail("metric is l2, dot or cosine");
    return rule;
  }
}

/// The shape of the decoded rows, or what is wrong.
template <int axis, class E, class C, class O> constexpr Rule decode_rule() {
  constexpr Shape e = shape_of<E>, codes = shape_of<C>;
  if (e.is_poison() || codes.is_poison())
    return Shape::poison();
  if (e.rank != 2)
    return fail("a codebook is [codes, features], got ", e);
  if (!std::is_same_v<element_of<C>, i64>)
    return fail("codes must be i64, got ", spell(dtype_of<element_of<C>>));
  return only_metric<O>(decoded_shape(axis, e, codes));
}

/// The shape of k codes of every row, or what is wrong.
template <std::int64_t k, int axis, class Z, class E, class O> constexpr Rule nearest_codes_rule() {
  Rule codes = vq_operands<Z, E>(axis);
  if (!codes.ok || codes.shape.is_poison())
    return codes;
  const Dim &count = shape_of<E>[0];
  if (k < 1 || (!count.is_named() && k > count.value))
    return fail("it gives 1 to ", count, " of the codes ", shape_of<E>, ", not ", k);
  if (codes.shape.rank == max_rank)
    return fail("the result has more than 8 axes");
  codes.shape.push(k);
  return only_metric<O>(codes);
}

} // namespace detail
} // namespace kerf
