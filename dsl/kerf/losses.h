// Losses, with PyTorch's names, arguments and means. Those of equal tensors demand equal shapes:
// what broadcasting would make of (B, 1) and (B) is (B, B), and no loss that anyone means. Those of
// bf16 and f16 are computed in f32, and rounded once.
#pragma once

#include "kerf/derived.h"
#include "kerf/options.h"

#include <limits>
#include <numbers>

namespace kerf {

/// What a loss per element becomes: its mean, its sum, its sum divided by the extent of axis 0, or
/// the tensor that it is.
enum class Reduction { mean, sum, batch_mean, none };

namespace detail {

/// A loss per element, reduced, in the type T of what it is the loss of.
template <Reduction reduction, class T> auto reduced(const Operand auto &x) {
  using X = std::remove_cvref_t<decltype(x)>;
  if constexpr (reduction == Reduction::mean)
    return narrowed<T>(mean(x));
  else if constexpr (reduction == Reduction::sum)
    return narrowed<T>(sum(x));
  else if constexpr (reduction == Reduction::none)
    return narrowed<T>(x);
  else
    return narrowed<T>(sum(x) / Count < element_of<X>,
                       X::shape.rank<1 ? Shape{} : Shape::of(X::shape[0])>{});
}

template <class A, class B> constexpr Rule alike() {
  using X = std::remove_cvref_t<A>;
  using Y = std::remove_cvref_t<B>;
  if (!is_float<element_of<X>> && !X::shape.is_poison())
    return fail("needs f32, f64, bf16 or f16, got ", spell(dtype_of<element_of<X>>));
  return equal_types<X, Y>(rule::elementwise(X::shape, Y::shape));
}

/// a - b, of one shape and type, widened.
template <Name name> auto difference(const Operand auto &a, const Operand auto &b) {
  static constexpr Rule rule = alike<decltype(a), decltype(b)>().in(prefix_of<name>);
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison())
    return Splat<f32, Shape::poison()>();
  else
    return make<op::sub, computed_t<element_of<decltype(a)>>, rule.shape>(widened(a), widened(b));
}

/// Says what is wrong with the shapes of a loss; the type that it gives, whether all is right.
template <Name name, class A, class... Others> auto require_alike() {
  static constexpr Rule rule = [] {
    Rule result = Shape{};
    (
        [&] {
          if (const Rule other = alike<A, Others>(); result.ok && !result.shape.is_poison())
            result = other;
        }(),
        ...);
    return result.in(prefix_of<name>);
  }();
  KERF_CHECK(rule);
  return std::bool_constant<!rule.shape.is_poison()>();
}
template <Name name, class... X>
inline constexpr bool are_alike = decltype(require_alike<name, X...>())::value;

/// What a loss gives after a mistake.
template <class X> using NoLoss = Splat<element_of<X>, Shape::poison()>;

/// 0 where t is 0, else t x.
auto weighed(const Operand auto &t, const Operand auto &x) { return select(t == 0, 0, t * x); }

} // namespace detail

/// mean((a - b)^2)
template <Reduction reduction = Reduction::mean>
auto mse(const Operand auto &a, const Operand auto &b) {
  return detail::reduced<reduction, element_of<decltype(a)>>(
      square(detail::difference<"mse">(a, b)));
}

/// mean(|a - b|), without gradient where they are equal.
template <Reduction reduction = Reduction::mean>
auto l1_loss(const Operand auto &a, const Operand auto &b) {
  return detail::reduced<reduction, element_of<decltype(a)>>(
      abs(detail::difference<"l1_loss">(a, b)));
}

/// Mean of d^2 / (2 beta) where d = |a - b| < beta, and of d - beta / 2 elsewhere; beta > 0.
/// [Girshick 2015]
template <Reduction reduction = Reduction::mean>
auto smooth_l1_loss(const Operand auto &a, const Operand auto &b, double beta = 1,
                    Line line = Line::current()) {
  detail::require_number(beta > 0, "smooth_l1_loss", "beta", beta, "above 0", line);
  let d(detail::difference<"smooth_l1_loss">(a, b), line);
  let size(abs(d), line); // the square is of d: that of |d| has no second derivative at 0
  return detail::reduced<reduction, element_of<decltype(a)>>(
      select(size < beta, 0.5 / beta * square(d), size - 0.5 * beta));
}

/// Mean of d^2 / 2 where d = |a - b| <= delta, and of delta (d - delta / 2) elsewhere; delta > 0.
/// [Huber 1964]
template <Reduction reduction = Reduction::mean>
auto huber_loss(const Operand auto &a, const Operand auto &b, double delta = 1,
                Line line = Line::current()) {
  detail::require_number(delta > 0, "huber_loss", "delta", delta, "above 0", line);
  let d(detail::difference<"huber_loss">(a, b), line);
  let size(abs(d), line); // the square is of d: that of |d| has no second derivative at 0
  return detail::reduced<reduction, element_of<decltype(a)>>(
      select(size <= delta, 0.5 * square(d), delta * (size - 0.5 * delta)));
}

/// Mean of -(t log p + (1 - t) log(1 - p)). A logarithm below -100 counts as -100, and there gives
/// no gradient.   p, t in [0, 1] : one shape
/// Of logits, `binary_cross_entropy_with_logits` is exact where p rounds to 0 or 1.
template <Reduction reduction = Reduction::mean>
auto binary_cross_entropy(const Operand auto &probabilities, const Operand auto &targets,
                          Line line = Line::current()) {
  using P = std::remove_cvref_t<decltype(probabilities)>;
  if constexpr (!detail::are_alike<"binary_cross_entropy", P, decltype(targets)>) {
    return detail::NoLoss<P>();
  } else {
    let p(detail::widened(probabilities), line);
    let t(detail::widened(targets), line);
    let hit(maximum(log(p), -100), line);
    let miss(maximum(log1p(-p), -100), line);
    return detail::reduced<reduction, element_of<P>>(-(t * hit + (1 - t) * miss));
  }
}

/// Mean of -(t log p + (1 - t) log(1 - p)), p = sigmoid(logits); both logarithms are of `softplus`,
/// so that nothing cancels.   logits, targets in [0, 1] : one shape
template <Reduction reduction = Reduction::mean>
auto binary_cross_entropy_with_logits(const Operand auto &logits, const Operand auto &targets) {
  using X = std::remove_cvref_t<decltype(logits)>;
  if constexpr (!detail::are_alike<"binary_cross_entropy_with_logits", X, decltype(targets)>) {
    return detail::NoLoss<X>();
  } else {
    const auto x = detail::widened(logits);
    const auto t = detail::widened(targets);
    return detail::reduced<reduction, element_of<X>>(t * softplus(-x) + (1 - t) * softplus(x));
  }
}

/// The label of what does not count; an integer.
inline constexpr auto &ignore = option<"ignore">;

namespace detail {

/// The shape of the labels of logits, or what is wrong with these.
template <class X, class Y> constexpr Rule has_labels(std::int64_t axis) {
  constexpr DType type = dtype_of<element_of<Y>>;
  const Shape &x = X::shape, &y = Y::shape;
  if (x.is_poison() || y.is_poison())
    return Shape::poison();
  if (!is_float<element_of<X>>)
    return fail("needs f32, f64, bf16 or f16, got ", spell(dtype_of<element_of<X>>));
  if (axis < 0 || axis >= x.rank)
    return fail("the axis of the classes, ", axis, ", is outside [0, ", x.rank, ") of ", x);
  if (is_float<element_of<Y>> && !(x == y))
    return fail("probabilities ", y, " are not of the shape of ", x);
  if (is_float<element_of<Y>>)
    return equal_types<X, Y>(x);
  if (type != DType::i64)
    return fail("labels are classes, i64, or probabilities, got ", spell(type));
  const Rule labels = rule::reduce(x, Ints::of(axis));
  if (!(labels.shape == y))
    return fail("labels of ", x, " with classes on axis ", axis, " are of ", labels.shape, ", got ",
                y);
  return x;
}

/// Weights of classes: one per class.
template <class X, class Set> constexpr Rule has_weights(std::int64_t axis) {
  using W = OptionValue<Set, "weight">;
  if constexpr (std::is_same_v<W, NoOption>) {
    return Shape{};
  } else if constexpr (!Operand<W>) {
    return fail("weight is a tensor, one number per class");
  } else {
    if (!(shape_of<W> == Shape::of(X::shape[int(axis)])))
      return fail("weight must be ", Shape::of(X::shape[int(axis)]), ", one number per class, got ",
                  shape_of<W>);
    return equal_types<X, W>(Shape{});
  }
}

/// Is the label that does not count, if one is given, a whole number, and are the labels Y classes?
template <class Y, class Set> constexpr Rule has_ignore() {
  using Label = OptionValue<Set, "ignore">;
  if (!std::is_same_v<Label, NoOption> && is_float<element_of<Y>>)
    return fail("ignore is one of the classes, and probabilities as labels have none");
  if (!std::is_same_v<Label, NoOption> && !std::is_integral_v<Label>)
    return fail("ignore is a whole number that is known when the model is compiled");
  return Shape{};
}

/// (K) as (K, 1, …), which stretches over what is behind the axis of classes.
template <int behind> auto per_class(const Operand auto &x) {
  return reshaped<with_ones(shape_of<decltype(x)>, behind)>(x);
}

/// i1, true where the class is.   labels : S without `axis` -> S
template <int axis, Shape S> auto is_label(const Operand auto &labels) {
  constexpr Shape beside = with_extent(S, axis, 1);
  return make<op::reshape, i64, beside>(labels) == per_class<S.rank - 1 - axis>(arange<S[axis]>());
}

/// The option `weight`, widened, or NoOption.
template <class Set> auto weight_of(const Set &options) {
  const auto weight = option_or(options, option<"weight">, NoOption());
  if constexpr (Operand<decltype(weight)>)
    return widened(weight);
  else
    return weight;
}

/// The loss of log-probabilities, widened, which `log_p` makes, and labels: cross_entropy,
/// nll_loss.
template <int axis, Reduction reduction, class X, class Set>
auto of_labels(const auto &log_p, const Operand auto &labels, const Set &options, double smoothing,
               Line line) {
  using T = computed_t<element_of<X>>;
  constexpr Dim classes = X::shape[axis];
  constexpr bool is_weighted = !std::is_same_v<OptionValue<Set, "weight">, NoOption>;
  constexpr bool has_ignore = !std::is_same_v<OptionValue<Set, "ignore">, NoOption>;
  const auto weight = weight_of(options);
  let y(labels, line);
  let is_it(is_label<axis, X::shape>(y), line);
  const auto of_label = [&](const auto &x) { return sum<axis>(select(is_it, x, 0)); };
  const auto weighted = [&](const auto &x) {
    if constexpr (is_weighted)
      return x * per_class<X::shape.rank - 1 - axis>(weight);
    else
      return x;
  };
  let log_likelihood(of_label(weighted(log_p)), line);
  auto likely = log_likelihood;
  if (smoothing != 0)
    likely = let((1 - smoothing) * log_likelihood +
                     smoothing * (sum<axis>(weighted(log_p)) / extent<T, classes>()),
                 line);
  let known(select(y >= 0, -likely, std::numeric_limits<T>::quiet_NaN()), line);
  let loss(select(is_below<classes>(y), known, std::numeric_limits<T>::quiet_NaN()), line);
  if constexpr (!has_ignore && !is_weighted) {
    return reduced<reduction, element_of<X>>(loss);
  } else {
    const auto counted = [&](const auto &x) {
      if constexpr (has_ignore)
        return select(y != option_or(options, ignore, 0), x, 0);
      else
        return x;
    };
    if constexpr (reduction != Reduction::mean) {
      return reduced<reduction, element_of<X>>(counted(loss));
    } else if constexpr (is_weighted) {
      const auto of_class = gather(weight, y);
      let whole(sum(counted(select(y >= 0 && is_below<classes>(y), of_class, 0))), line);
      return narrowed<element_of<X>>(sum(counted(loss)) / select(whole > 0, whole, 1));
    } else {
      let counts(y != option_or(options, ignore, 0), line);
      return narrowed<element_of<X>>(sum(counted(loss)) /
                                     cast<T>(maximum(sum(cast<i64>(counts)), 1)));
    }
  }
}

/// The loss of widened logits x, and of labels that are classes or probabilities.
template <int axis, Reduction reduction, class X, class Set>
auto of_logits(const auto &x, const Operand auto &labels, const Set &options, double smoothing,
               Line line) {
  let log_p(log_softmax<axis>(x), line);
  if constexpr (!is_float<element_of<decltype(labels)>>) {
    return of_labels<axis, reduction, X>(log_p, labels, options, smoothing, line);
  } else {
    let t(widened(labels), line);
    if (smoothing != 0)
      t = let((1 - smoothing) * t + smoothing / extent<element_of<decltype(t)>, X::shape[axis]>(),
              line);
    const auto weight = weight_of(options);
    const auto each = [&] {
      if constexpr (Operand<decltype(weight)>)
        return -sum<axis>(weighed(t, log_p * per_class<X::shape.rank - 1 - axis>(weight)));
      else
        return -sum<axis>(weighed(t, log_p));
    };
    return reduced<reduction, element_of<X>>(each());
  }
}

/// Where the classes are: of a vector of them on its only axis.
constexpr int class_axis(int axis, const Shape &x) {
  return axis == 1 && x.rank == 1 ? 0 : int(from_front(axis, x));
}

} // namespace detail

/// Mean of -log p(label), p = softmax(logits) along the axis of the classes, PyTorch's axis 1.
/// logits : (B, K), or (B, K, …), or (K); labels : i64, the same without K, or probabilities of the
/// logits' shape, whose loss is the sum of -t log p -> scalar
///
///     cross_entropy(logits, labels, ignore = -100);
///     cross_entropy<-1>(logits, next);                                    // (B, T, K), (B, T)
///     cross_entropy(logits, labels, option<"label_smoothing"> = 0.1, option<"weight"> = w);
///
/// A label outside of [0, K) makes the loss NaN; it gives no gradient. Options: ignore = -100, say:
/// what has this label, whatever it is, has no part in the loss, which is the mean over the others,
/// and 0 if there is none; of classes, not of probabilities. label_smoothing, in [0, 1]: of the
/// label's share, so much goes to all classes alike. weight : (K), of classes; of labels the mean
/// is then a weighted one. Instead of a mean: `cross_entropy<1, Reduction::none>`.
template <int axis = 1, Reduction reduction = Reduction::mean, class O1 = detail::NoOption,
          class O2 = detail::NoOption, class O3 = detail::NoOption>
auto cross_entropy(const Operand auto &logits, const Operand auto &labels, const O1 &o1 = {},
                   const O2 &o2 = {}, const O3 &o3 = {}, Line line = Line::current()) {
  using X = std::remove_cvref_t<decltype(logits)>;
  using Y = std::remove_cvref_t<decltype(labels)>;
  using Set = decltype(detail::option_set(o1, o2, o3));
  static constexpr int place = detail::class_axis(axis, X::shape);
  static constexpr Rule rule =
      [] {
        if (const Rule options = detail::options_rule<O1, O2, O3>(ignore, option<"label_smoothing">,
                                                                  option<"weight">);
            !options.ok)
          return options;
        const Rule shapes = detail::has_labels<X, Y>(place);
        if (!shapes.ok || shapes.shape.is_poison())
          return shapes;
        if (const Rule label = detail::has_ignore<Y, Set>(); !label.ok)
          return label;
        return detail::has_weights<X, Set>(place);
      }()
          .in("kerf: cross_entropy: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison()) {
    return detail::NoLoss<X>();
  } else {
    const auto options = detail::option_set(o1, o2, o3);
    const double smoothing =
        detail::number_or<"cross_entropy">(options, option<"label_smoothing">, 0, line);
    return detail::of_logits<place, reduction, X>(detail::widened(logits), labels, options,
                                                  smoothing, line);
  }
}

namespace detail {

/// Rows of features and one of weights for each class; the shape of their logits.
template <class A, class W> constexpr Rule have_logits() {
  const Shape &a = shape_of<A>, &w = shape_of<W>;
  if (a.is_poison() || w.is_poison())
    return Shape::poison();
  if (!is_float<element_of<A>>)
    return fail("needs f32, f64, bf16 or f16, got ", spell(dtype_of<element_of<A>>));
  if (a.rank < 1 || w.rank != 2 || !(a[-1] == w[1]))
    return fail("needs rows of [..., D] and weights of [K, D], got ", a, " and ", w);
  return equal_types<A, W>(with_extent(a, a.rank - 1, w[0]));
}

/// The biases of logits X, one per class.
template <class X, class Set> constexpr Rule has_linear_bias() {
  using Bias = OptionValue<Set, "linear_bias">;
  if constexpr (std::is_same_v<Bias, NoOption>) {
    return Shape{};
  } else if constexpr (!Operand<Bias>) {
    return fail("linear_bias is a tensor, one number per class");
  } else {
    if (!(shape_of<Bias> == Shape::of(X::shape[-1])))
      return fail("linear_bias must be ", Shape::of(X::shape[-1]), ", one number per class, got ",
                  shape_of<Bias>);
    return equal_types<X, Bias>(Shape{});
  }
}

} // namespace detail

/// cross_entropy of the logits x W^T + b, of which only some rows exist at a time, and never all of
/// a large batch: neither they nor their gradients.   x : (…, D), weight : (K, D),
/// labels : i64 (…), or probabilities (…, K) -> scalar
///
///     linear_cross_entropy(hidden, embedding.weight, next, ignore = -100); // (B, T, D), (B, T)
///
/// Options: linear_bias : (K), and cross_entropy's: ignore, label_smoothing, and the classes'
/// weight. Labels as those of cross_entropy. PyTorch's function of this name; what it is compiled
/// to is what the two functions are that it is made of.
template <Reduction reduction = Reduction::mean, class O1 = detail::NoOption,
          class O2 = detail::NoOption, class O3 = detail::NoOption, class O4 = detail::NoOption>
auto linear_cross_entropy(const Operand auto &x, const Operand auto &weight,
                          const Operand auto &labels, const O1 &o1 = {}, const O2 &o2 = {},
                          const O3 &o3 = {}, const O4 &o4 = {}, Line line = Line::current()) {
  using A = std::remove_cvref_t<decltype(x)>;
  using W = std::remove_cvref_t<decltype(weight)>;
  using Y = std::remove_cvref_t<decltype(labels)>;
  using Set = decltype(detail::option_set(o1, o2, o3, o4));
  static constexpr Rule logits = detail::have_logits<A, W>();
  using All = TensorOf<element_of<A>, logits.ok ? logits.shape : Shape::poison()>;
  static constexpr Rule rule =
      [] {
        if (const Rule options = detail::options_rule<O1, O2, O3, O4>(
                ignore, option<"linear_bias">, option<"label_smoothing">, option<"weight">);
            !options.ok)
          return options;
        if (!logits.ok || logits.shape.is_poison())
          return logits;
        constexpr int last = logits.shape.rank - 1;
        const Rule shapes = detail::has_labels<All, Y>(last);
        if (!shapes.ok || shapes.shape.is_poison())
          return shapes;
        if (const Rule label = detail::has_ignore<Y, Set>(); !label.ok)
          return label;
        if (const Rule bias = detail::has_linear_bias<All, Set>(); !bias.ok)
          return bias;
        return detail::has_weights<All, Set>(last);
      }()
          .in("kerf: linear_cross_entropy: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison()) {
    return detail::NoLoss<A>();
  } else {
    constexpr Shape each = detail::without_axis(logits.shape, logits.shape.rank - 1);
    constexpr Dim rows = each.numel(), classes = W::shape[0];
    using X = TensorOf<element_of<A>, Shape::of(rows, classes)>; // all rows on one axis
    constexpr Shape of_labels = is_float<element_of<Y>> ? X::shape : Shape::of(rows);
    const auto options = detail::option_set(o1, o2, o3, o4);
    const double smoothing =
        detail::number_or<"linear_cross_entropy">(options, option<"label_smoothing">, 0, line);
    const auto flat = detail::reshaped<Shape::of(rows, W::shape[1])>(x);
    constexpr Ints none, features = Ints::of(1);
    let product(
        (contract<none, none, features, features>(detail::widened(flat), detail::widened(weight))),
        line);
    const auto bias = detail::option_or(options, option<"linear_bias">, detail::NoOption());
    const auto biased = [&] {
      if constexpr (Operand<decltype(bias)>)
        return product + detail::widened(bias);
      else
        return product;
    };
    const auto loss = detail::of_logits<1, reduction, X>(
        biased(), detail::reshaped<of_labels>(labels), options, smoothing, line);
    if constexpr (reduction == Reduction::none)
      return detail::reshaped<each>(loss);
    else
      return loss;
  }
}

/// Mean of -x(label), of log-probabilities x: cross_entropy behind log_softmax, with its shapes,
/// its options ignore and weight, and labels that are classes.
template <int axis = 1, Reduction reduction = Reduction::mean, class O1 = detail::NoOption,
          class O2 = detail::NoOption>
auto nll_loss(const Operand auto &log_probabilities, const Operand auto &labels, const O1 &o1 = {},
              const O2 &o2 = {}, Line line = Line::current()) {
  using X = std::remove_cvref_t<decltype(log_probabilities)>;
  using Y = std::remove_cvref_t<decltype(labels)>;
  using Set = decltype(detail::option_set(o1, o2));
  static constexpr int place = detail::class_axis(axis, X::shape);
  static constexpr Rule rule =
      [] {
        if (const Rule options = detail::options_rule<O1, O2>(ignore, option<"weight">);
            !options.ok)
          return options;
        const Rule shapes = detail::has_labels<X, Y>(place);
        if (!shapes.ok || shapes.shape.is_poison())
          return shapes;
        if (is_float<element_of<Y>>)
          return fail("labels are classes, i64, got ", spell(dtype_of<element_of<Y>>));
        if (const Rule label = detail::has_ignore<Y, Set>(); !label.ok)
          return label;
        return detail::has_weights<X, Set>(place);
      }()
          .in("kerf: nll_loss: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison()) {
    return detail::NoLoss<X>();
  } else {
    let x(detail::widened(log_probabilities), line);
    return detail::of_labels<place, reduction, X>(x, labels, detail::option_set(o1, o2), 0, line);
  }
}

/// Mean over all elements of t (log t - x), the divergence of the log-probabilities x from the
/// probabilities t, where t is 0 of 0. The divergence itself, a sum over classes, is
/// `kl_div<Reduction::batch_mean>`.
template <Reduction reduction = Reduction::mean>
auto kl_div(const Operand auto &log_probabilities, const Operand auto &targets,
            Line line = Line::current()) {
  using X = std::remove_cvref_t<decltype(log_probabilities)>;
  if constexpr (!detail::are_alike<"kl_div", X, decltype(targets)>) {
    return detail::NoLoss<X>();
  } else {
    let t(detail::widened(targets), line);
    return detail::reduced<reduction, element_of<X>>(
        detail::weighed(t, log(t) - detail::widened(log_probabilities)));
  }
}

/// KL(N(mean, e^log_variance) || N(0, 1)), summed over all axes but the first, whose mean it is.
/// [Kingma 2013, appendix B]
template <Reduction reduction = Reduction::batch_mean>
auto gaussian_kl(const Operand auto &mean, const Operand auto &log_variance,
                 Line line = Line::current()) {
  using M = std::remove_cvref_t<decltype(mean)>;
  if constexpr (!detail::are_alike<"gaussian_kl", M, decltype(log_variance)>) {
    return detail::NoLoss<M>();
  } else {
    let m(detail::widened(mean), line);
    let v(detail::widened(log_variance), line);
    return detail::reduced<reduction, element_of<M>>(0.5 * (square(m) + (expm1(v) - v)));
  }
}

/// KL(N(mean, e^log_variance) || N(other_mean, e^other_log_variance)), as that against N(0, 1).
template <Reduction reduction = Reduction::batch_mean>
auto gaussian_kl(const Operand auto &mean, const Operand auto &log_variance,
                 const Operand auto &other_mean, const Operand auto &other_log_variance,
                 Line line = Line::current()) {
  using M = std::remove_cvref_t<decltype(mean)>;
  if constexpr (!detail::are_alike<"gaussian_kl", M, decltype(log_variance), decltype(other_mean),
                                   decltype(other_log_variance)>) {
    return detail::NoLoss<M>();
  } else {
    const auto of_other = detail::widened(other_log_variance);
    let precision(exp(-of_other), line);
    let ratio(detail::widened(log_variance) - of_other, line); // of the variances, its logarithm
    const auto away = detail::widened(mean) - detail::widened(other_mean);
    return detail::reduced<reduction, element_of<M>>(
        0.5 * (square(away) * precision + (expm1(ratio) - ratio)));
  }
}

/// Mean of (log v + (mean - target)^2 / v) / 2, `full` with log(2 pi) / 2; variances v below
/// `least` count as that, but get the gradient of `least`.   [Nix 1994]
template <bool full = false, Reduction reduction = Reduction::mean>
auto gaussian_nll_loss(const Operand auto &mean, const Operand auto &target,
                       const Operand auto &variance, double least = 1e-6,
                       Line line = Line::current()) {
  using M = std::remove_cvref_t<decltype(mean)>;
  if constexpr (!detail::are_alike<"gaussian_nll_loss", M, decltype(target), decltype(variance)>) {
    return detail::NoLoss<M>();
  } else {
    let given(detail::widened(variance), line);
    let v(straight_through(given, maximum(given, least)), line);
    const auto away = detail::widened(mean) - detail::widened(target);
    const auto each = 0.5 * (log(v) + square(away) / v);
    using T = element_of<M>;
    if constexpr (full)
      return detail::reduced<reduction, T>(each + 0.5 * std::log(2 * std::numbers::pi));
    else
      return detail::reduced<reduction, T>(each);
  }
}

/// What a discriminator minimises: mean(relu(1 - real)) + mean(relu(1 + fake)), of its scores of
/// real and generated data.   [Lim 2017]
auto hinge_discriminator_loss(const Operand auto &real, const Operand auto &fake) {
  using R = std::remove_cvref_t<decltype(real)>;
  static constexpr Rule rule = detail::equal_types<R, decltype(fake)>(detail::floats_rule<R>())
                                   .in("kerf: hinge_discriminator_loss: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison())
    return detail::NoLoss<R>();
  else
    return detail::narrowed<element_of<R>>(mean(relu(1 - detail::widened(real))) +
                                           mean(relu(1 + detail::widened(fake))));
}

/// What its generator minimises: -mean(fake).
auto hinge_generator_loss(const Operand auto &fake) {
  return -mean(detail::floats<"hinge_generator_loss">(fake));
}

/// Mean of x where y is 1, and of max(0, margin - x) where it is -1; of 0 elsewhere as PyTorch has
/// it: of their sum.
template <Reduction reduction = Reduction::mean>
auto hinge_embedding_loss(const Operand auto &x, const Operand auto &y, double margin = 1,
                          Line line = Line::current()) {
  using X = std::remove_cvref_t<decltype(x)>;
  if constexpr (!detail::are_alike<"hinge_embedding_loss", X, decltype(y)>) {
    return detail::NoLoss<X>();
  } else {
    let distance(detail::widened(x), line);
    let kind(detail::widened(y), line);
    return detail::reduced<reduction, element_of<X>>(select(kind != 1, relu(margin - distance), 0) +
                                                     select(kind != -1, distance, 0));
  }
}

/// Mean of max(0, margin - y (a - b)): a is to rank above b where y is 1, below where it is -1.
template <Reduction reduction = Reduction::mean>
auto margin_ranking_loss(const Operand auto &a, const Operand auto &b, const Operand auto &y,
                         double margin = 0) {
  using A = std::remove_cvref_t<decltype(a)>;
  if constexpr (!detail::are_alike<"margin_ranking_loss", A, decltype(b), decltype(y)>)
    return detail::NoLoss<A>();
  else
    return detail::reduced<reduction, element_of<A>>(
        relu(margin - detail::widened(y) * (detail::widened(a) - detail::widened(b))));
}

namespace detail {
/// |a - b + 1e-6| along the last axis; the small number keeps the root's slope finite. Widened.
auto pairwise_distance(const Operand auto &a, const Operand auto &b) {
  return sqrt(sum<-1>(square(widened(a) - widened(b) + 1e-6)));
}
} // namespace detail

/// Mean of max(0, margin + |anchor - positive| - |anchor - negative|), Euclidean distances along
/// the last axis.   (…, D) each   [Schroff 2015]
template <Reduction reduction = Reduction::mean>
auto triplet_margin_loss(const Operand auto &anchor, const Operand auto &positive,
                         const Operand auto &negative, double margin = 1,
                         Line line = Line::current()) {
  using A = std::remove_cvref_t<decltype(anchor)>;
  if constexpr (!detail::are_alike<"triplet_margin_loss", A, decltype(positive),
                                   decltype(negative)>) {
    return detail::NoLoss<A>();
  } else {
    let a(detail::along<"triplet_margin_loss", -1>(anchor), line);
    return detail::reduced<reduction, element_of<A>>(relu(
        margin + detail::pairwise_distance(a, positive) - detail::pairwise_distance(a, negative)));
  }
}

namespace detail {

/// Vectors of one length along an axis; the other axes stretch.
template <class A, class B, int axis> constexpr Rule have_cosine() {
  const Shape &a = shape_of<A>, &b = shape_of<B>;
  const Rule rule = equal_types<A, B>(floats_along_rule<A, axis>());
  if (!rule.ok || rule.shape.is_poison() || b.is_poison())
    return rule.ok ? Rule(Shape::poison()) : rule;
  if (a.rank != b.rank || !(a[axis] == b[axis]))
    return fail("needs vectors of one length on axis ", axis, ", got ", a, " and ", b);
  return rule::broadcast_together(a, b);
}

} // namespace detail

/// a . b / (|a| |b|) along one axis; a length below `least` counts as that.
template <int axis = 1>
auto cosine_similarity(const Operand auto &a, const Operand auto &b, double least = 1e-8,
                       Line line = Line::current()) {
  using A = std::remove_cvref_t<decltype(a)>;
  static constexpr Rule rule =
      detail::have_cosine<A, decltype(b), axis>().in("kerf: cosine_similarity: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison()) {
    return detail::NoLoss<A>();
  } else {
    let x(detail::widened(a), line);
    let y(detail::widened(b), line);
    const auto lengths =
        maximum(sqrt(sum<axis>(square(x))), least) * maximum(sqrt(sum<axis>(square(y))), least);
    return detail::narrowed<element_of<A>>(sum<axis>(x * y) / lengths);
  }
}

/// Mean of 1 - cos(a, b) where y is 1, and of max(0, cos(a, b) - margin) where it is -1.
/// a, b : (B, D), y : (B)
template <Reduction reduction = Reduction::mean>
auto cosine_embedding_loss(const Operand auto &a, const Operand auto &b, const Operand auto &y,
                           double margin = 0, Line line = Line::current()) {
  using A = std::remove_cvref_t<decltype(a)>;
  using Y = std::remove_cvref_t<decltype(y)>;
  static constexpr Rule rule =
      [] {
        const Rule both = detail::alike<A, decltype(b)>();
        if (!both.ok || both.shape.is_poison() || Y::shape.is_poison())
          return both.ok && !both.shape.is_poison() ? Rule(Shape::poison()) : both;
        if (A::shape.rank != 2 || !(Y::shape == Shape::of(A::shape[0])))
          return fail("needs rows of [B, D] and signs of [B], got ", A::shape, " and ", Y::shape);
        return Rule(Shape{});
      }()
          .in("kerf: cosine_embedding_loss: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison()) {
    return detail::NoLoss<A>();
  } else {
    let x1(detail::widened(a), line);
    let x2(detail::widened(b), line);
    let kind(detail::widened(y), line);
    let lengths((sum<1>(square(x1)) + 1e-12) * (sum<1>(square(x2)) + 1e-12), line);
    let similarity(sum<1>(x1 * x2) / sqrt(lengths), line);
    return detail::reduced<reduction, element_of<A>>(
        select(kind == 1, 1 - similarity, 0) + select(kind == -1, relu(similarity - margin), 0));
  }
}

namespace detail {

/// Two matrices of rows that belong together one by one.
template <class A, class B> constexpr Rule are_pairs() {
  using X = std::remove_cvref_t<A>;
  const Rule both = alike<A, B>();
  if (both.ok && !both.shape.is_poison() && X::shape.rank != 2)
    return fail("needs rows of [B, D], got ", X::shape);
  return both;
}

/// A number, or a scalar of the type of A, beside such matrices.
template <class A, class S> constexpr Rule is_factor(std::string_view which) {
  const Rule rule = is_scalar<S>(which);
  if constexpr (Operand<S>)
    if (rule.ok && !shape_of<S>.is_poison() && !std::is_same_v<element_of<S>, element_of<A>>)
      return fail(which, " is ", spell(dtype_of<element_of<S>>), ", but the rows are ",
                  spell(dtype_of<element_of<A>>));
  return rule;
}
template <class A, class B, class S> constexpr Rule are_scaled_pairs() {
  const Rule pairs = are_pairs<A, B>();
  const Rule scale = is_factor<A, std::remove_cvref_t<S>>("scale");
  return pairs.shape.is_poison() || scale.ok ? pairs : scale;
}

/// scale a, widened.
auto scaled_rows(const Operand auto &a, const auto &scale) {
  if constexpr (Operand<decltype(scale)>)
    return widened(scale) * widened(a);
  else
    return scale * widened(a);
}

/// a b^T   (N, D), (M, D) -> (N, M)
auto scores_of_pairs(const Operand auto &a, const Operand auto &b) {
  constexpr Ints none, features = Ints::of(1);
  return contract<none, none, features, features>(a, widened(b));
}

/// i1 (n, m), true on the diagonal.
template <Dim n, Dim m = n> auto on_diagonal() {
  const auto row = make<op::iota, i64, Shape::of(n)>();
  return make<op::reshape, i64, Shape::of(n, 1)>(row) == make<op::iota, i64, Shape::of(m)>();
}

/// The mean of -log softmax(scores) at the diagonal, each row's classes being its columns.
auto diagonal_cross_entropy(const Operand auto &scores) {
  constexpr Shape shape = shape_of<decltype(scores)>;
  return -mean(sum<1>(select(on_diagonal<shape[0], shape[1]>(), log_softmax<1>(scores), 0)));
}

} // namespace detail

/// Mean over the rows of a of how badly its own row of b is told from the others: cross entropy of
/// softmax(scale a b^T), one row's over all b.   a, b : (B, D), of length 1 where cosines are
/// meant; scale : a number or a scalar, 1 / temperature   [van den Oord 2018]
auto info_nce(const Operand auto &a, const Operand auto &b, const auto &scale,
              Line line = Line::current()) {
  using A = std::remove_cvref_t<decltype(a)>;
  static constexpr Rule rule =
      detail::are_scaled_pairs<A, decltype(b), decltype(scale)>().in("kerf: info_nce: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison()) {
    return detail::NoLoss<A>();
  } else {
    let rows(detail::scaled_rows(a, scale), line);
    let scores(detail::scores_of_pairs(rows, b), line);
    return detail::narrowed<element_of<A>>(detail::diagonal_cross_entropy(scores));
  }
}

/// The mean of info_nce(a, b, scale) and info_nce(b, a, scale).   [Radford 2021, fig. 3]
auto clip_loss(const Operand auto &a, const Operand auto &b, const auto &scale,
               Line line = Line::current()) {
  using A = std::remove_cvref_t<decltype(a)>;
  static constexpr Rule rule =
      detail::are_scaled_pairs<A, decltype(b), decltype(scale)>().in("kerf: clip_loss: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison()) {
    return detail::NoLoss<A>();
  } else {
    // Scores of their own for each direction: those of all pairs are needed by neither.
    let rows(detail::scaled_rows(a, scale), line);
    let forth(detail::scores_of_pairs(rows, b), line);
    let back(detail::scores_of_pairs(detail::widened(b), rows), line);
    return detail::narrowed<element_of<A>>(
        0.5 * (detail::diagonal_cross_entropy(forth) + detail::diagonal_cross_entropy(back)));
  }
}

/// Each pair of rows by itself, matching or not: the sum of -log sigmoid(z) where they match and of
/// -log sigmoid(-z) elsewhere, z = scale a b^T + bias, divided by B.   a, b : (B, D)   [Zhai 2023]
auto siglip_loss(const Operand auto &a, const Operand auto &b, const auto &scale, const auto &bias,
                 Line line = Line::current()) {
  using A = std::remove_cvref_t<decltype(a)>;
  static constexpr Rule rule =
      [] {
        const Rule pairs = detail::are_scaled_pairs<A, decltype(b), decltype(scale)>();
        const Rule shift = detail::is_factor<A, std::remove_cvref_t<decltype(bias)>>("bias");
        return pairs.shape.is_poison() || shift.ok ? pairs : shift;
      }()
          .in("kerf: siglip_loss: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison()) {
    return detail::NoLoss<A>();
  } else {
    let rows(detail::scaled_rows(a, scale), line);
    const auto scores = detail::scores_of_pairs(rows, b);
    const auto shifted = [&] {
      if constexpr (Operand<decltype(bias)>)
        return scores + detail::widened(bias);
      else
        return scores + bias;
    };
    let z(shifted(), line);
    return detail::narrowed<element_of<A>>(
        mean(sum<1>(softplus(select(detail::on_diagonal<A::shape[0]>(), -z, z)))));
  }
}

} // namespace kerf
