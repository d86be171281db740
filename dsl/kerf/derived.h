// Functions made of ops: no definition, derivative or lowering of their own.
#pragma once

#include "kerf/einops.h"
#include "kerf/operators.h"
#include "kerf/options.h"

#include <limits>

namespace kerf {

namespace detail {

/// `shape` with another extent along an axis.
constexpr Shape with_extent(Shape shape, std::int64_t axis, const Dim &extent) {
  if (!shape.is_poison())
    shape[int(axis)] = extent;
  return shape;
}
/// `shape` with an axis more, at a place.
constexpr Shape with_axis(const Shape &shape, std::int64_t place, const Dim &extent) {
  if (shape.is_poison())
    return shape;
  Shape result;
  for (int i = 0; i <= shape.rank; ++i)
    result.push(i == place ? extent : shape[i < place ? i : i - 1]);
  return result;
}
/// `shape` with so many axes of extent 1 behind.
constexpr Shape with_ones(Shape shape, int count) {
  for (int i = 0; i < count && !shape.is_poison(); ++i)
    shape.push(1);
  return shape;
}
/// `shape` with other axes in place of one.
constexpr Shape replace_axis(const Shape &shape, std::int64_t axis, const Shape &others) {
  Shape result;
  for (int i = 0; i < shape.rank; ++i)
    if (i != axis)
      result.push(shape[i]);
    else
      for (int j = 0; j < others.rank; ++j)
        result.push(others[j]);
  return result;
}
constexpr Shape without_axis(const Shape &shape, std::int64_t axis) {
  return replace_axis(shape, axis, {});
}
/// One number for an axis, and `others` for the others.
constexpr Ints on_axis(int rank, int axis, std::int64_t number, std::int64_t others) {
  Ints numbers = Ints::filled(rank, others);
  numbers[axis] = number;
  return numbers;
}

/// x, if the rule holds; else an error in the words of `user`, and what stands for x has no shape,
/// so that nothing behind it fails too.
template <Name user, Rule (*rule)(), class X> decltype(auto) checked(const X &x) {
  if constexpr (!rule().shape.is_poison()) {
    return static_cast<const stored_t<X> &>(x);
  } else {
    static constexpr Rule wrong = rule().in(prefix_of<user>);
    KERF_CHECK(wrong);
    return Splat<f32, Shape::poison()>();
  }
}

/// `rule`, if X is of floats.
template <class X> constexpr Rule of_floats(const Rule &rule) {
  if (!is_float<element_of<X>> && !shape_of<X>.is_poison())
    return fail("x must be f32, f64, bf16 or f16, got ", spell(dtype_of<element_of<X>>));
  return rule;
}
template <class X> constexpr Rule floats_rule() { return of_floats<X>(shape_of<X>); }
template <class X, int axis> constexpr Rule along_rule() {
  return rule::along(shape_of<X>, from_front(axis, shape_of<X>));
}
template <class X, int axis> constexpr Rule floats_along_rule() {
  return of_floats<X>(along_rule<X, axis>());
}
template <class X, auto... axes> constexpr Rule over_rule() {
  const Rule reduced = rule::reduce(shape_of<X>, Axes::of(shape_of<X>, axes...).axes);
  return reduced.ok ? Rule(shape_of<X>) : reduced;
}
template <class X, auto... axes> constexpr Rule floats_over_rule() {
  return of_floats<X>(over_rule<X, axes...>());
}

/// x, of f32, f64, bf16 or f16.
template <Name user, class X> decltype(auto) floats(const X &x) {
  return checked<user, floats_rule<X>>(x);
}
/// x with such an axis.
template <Name user, int axis, class X> decltype(auto) along(const X &x) {
  return checked<user, along_rule<X, axis>>(x);
}
template <Name user, int axis, class X> decltype(auto) floats_along(const X &x) {
  return checked<user, floats_along_rule<X, axis>>(x);
}
/// x, to be reduced over such axes.
template <Name user, auto... axes, class X> decltype(auto) over(const X &x) {
  return checked<user, over_rule<X, axes...>>(x);
}
template <Name user, auto... axes, class X> decltype(auto) floats_over(const X &x) {
  return checked<user, floats_over_rule<X, axes...>>(x);
}

/// x in the type that it is computed in.
template <class X> auto widened(const X &x) {
  if constexpr (is_narrow_float<element_of<X>>)
    return cast<f32>(x);
  else
    return static_cast<const stored_t<X> &>(x);
}
/// What was computed of widened numbers of T, rounded once to T.
template <class T, class X> auto narrowed(const X &x) {
  if constexpr (is_narrow_float<T>)
    return cast<T>(x);
  else
    return static_cast<const stored_t<X> &>(x);
}

/// Is X a number, or a scalar of any type? `which`: the name of it.
template <class X> constexpr Rule is_scalar(std::string_view which) {
  if constexpr (Operand<X>) {
    if (!(shape_of<X> == Shape{}) && !shape_of<X>.is_poison())
      return fail(which, " must be a number or a scalar, got ", shape_of<X>);
  } else if (!Scalar<X>) {
    return fail(which, " must be a number or a scalar");
  }
  return Shape{};
}

/// x with bounds that stretch to it, or it to them.
template <class X, class Bound> constexpr Rule bound_rule() {
  if constexpr (Operand<Bound>)
    return broadcast_rule<X, Bound>("");
  else if (!is_float<element_of<X>> && std::is_floating_point_v<Bound>)
    return fail("a fraction as a bound of integers; cast x first");
  else
    return shape_of<X>;
}
template <class X, class Low, class High> constexpr Rule clamp_rule() {
  const Rule low = bound_rule<X, Low>(), high = bound_rule<X, High>();
  return !low.ok || low.shape.is_poison() ? low : high;
}

} // namespace detail

/// max(x, 0); 0 at 0 and there without gradient, NaN stays, as in PyTorch.
auto relu(const Operand auto &x) { return select(x <= 0, 0, x); }

auto square(const Operand auto &x) { return x * x; }

/// 2^x, exact where x is an integer.
auto exp2(const Operand auto &x) { return pow(2, detail::floats<"exp2">(x)); }

/// Smallest integer not below each element; without a gradient, as `floor`.
auto ceil(const Operand auto &x) { return -floor(-detail::floats<"ceil">(x)); }

/// Each element without its fraction, towards 0; without a gradient, as `floor`.
auto trunc(const Operand auto &input) {
  const auto &x = detail::floats<"trunc">(input);
  return select(x < 0, ceil(x), floor(x));
}

/// min(max(x, low), high), of numbers or tensors; NaN stays. The gradient flows to x where it is
/// within the bounds, also on them, else to the bound. On a bound PyTorch gives x none of it if the
/// bounds are numbers, half of it if they are tensors.
auto clamp(const Operand auto &input, const auto &low, const auto &high,
           Line line = Line::current()) {
  using X = std::remove_cvref_t<decltype(input)>;
  constexpr auto rule = detail::clamp_rule<X, std::remove_cvref_t<decltype(low)>,
                                           std::remove_cvref_t<decltype(high)>>;
  let x(detail::checked<"clamp", rule>(input), line);
  let raised(select(x < low, low, x), line);
  return select(raised > high, high, raised);
}

/// log(sigmoid(x)), to full relative precision on both sides.
auto log_sigmoid(const Operand auto &x) { return -softplus(-detail::floats<"log_sigmoid">(x)); }

/// x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2, to full relative precision also where x is
/// negative; NaN at -inf, as in PyTorch.   [Hendrycks 2016]
auto gelu(const Operand auto &input, Line line = Line::current()) {
  let x(detail::floats<"gelu">(input), line);
  return x * detail::make<op::gelu_gate, element_of<decltype(x)>, shape_of<decltype(x)>>(x);
}

/// x (1 + erf(x / sqrt(2))) / 2, PyTorch's default: of a negative x as of a positive one, to 1e-7
/// of itself times 1 + x^2; NaN at -inf, as in PyTorch.   [Hendrycks 2016]
auto gelu_erf(const Operand auto &input, Line line = Line::current()) {
  let x(detail::floats<"gelu_erf">(input), line);
  return x * (0.5 * erfc(-0.70710678118654752 * x));
}

/// A tensor of the shape of x whose elements are all `number`.   full_like<f32>(indices, 1)
template <class T> auto full_like(const Operand auto &x, Scalar auto number) {
  static_assert(is_float<T> || !std::is_floating_point_v<decltype(number)>,
                "kerf: full_like: a fraction given to a tensor of integers");
  Splat<T, shape_of<decltype(x)>> splat;
  splat.number = number;
  return splat;
}

/// The number of elements of these extents, as a scalar, whatever named dims are bound to.
/// extent<f32, B, 2 * N>()
template <class T, Dim... extents> auto extent() { return Count<T, Shape::of(extents...)>{}; }

/// The n x n matrix of ones on the diagonal: n ones with n zeros between them, in rows of n.
/// eye<f32, B>()
template <class T, Dim n> auto eye() {
  static_assert(n.is_named() || n.value >= 1, "kerf: eye: needs at least one row");
  Splat<T, Shape::of(n)> ones;
  ones.number = 1;
  return reshape<n, n>(pad<Ints::of(0), Ints::of(0), Shape::of(n)>(ones));
}

/// 0, 1, … n-1, as i64.   arange<B>()
template <Dim n> auto arange() {
  static_assert(n.is_named() || n.value >= 0, "kerf: arange: the number is negative");
  return detail::make<op::iota, i64, Shape::of(n)>();
}

namespace detail {
template <class X, int axis> constexpr Rule argmax_rule() {
  const Rule rule = along_rule<X, axis>();
  if (!rule.shape.is_poison() && rule.shape[axis] == Dim(0))
    return fail("axis ", axis, " of ", rule.shape, " is empty, so there is no largest element");
  return rule;
}
} // namespace detail

/// Index of the largest element along one axis, the lowest of equal ones.
template <int axis> auto argmax(const Operand auto &x) {
  return argmin<axis>(-detail::checked<"argmax", detail::argmax_rule<decltype(x), axis>>(x));
}

namespace detail {

/// i1, true where the class is.   labels : i64, any shape S -> S + (classes)
template <Dim classes> auto is_class(const Operand auto &labels) {
  using Y = std::remove_cvref_t<decltype(labels)>;
  static_assert(std::is_same_v<element_of<Y>, i64>, "kerf: one_hot: labels must be i64");
  constexpr Shape beside = with_ones(Y::shape, 1);
  return make<op::reshape, i64, beside>(labels) == arange<classes>();
}

/// i1: x < n, for a number or a named dim.
template <Dim n> auto is_below(const Operand auto &x) {
  if constexpr (n.is_named())
    return x < extent<element_of<decltype(x)>, n>();
  else
    return x < n.value;
}

} // namespace detail

/// 1 where the class is, else 0; the row of a label outside of [0, classes) is 0.
/// labels : i64, any shape S -> S + (classes)
template <Dim classes, class T = f32> auto one_hot(const Operand auto &labels) {
  return cast<T>(detail::is_class<classes>(labels));
}

namespace detail {

/// How many elements are reduced to one.
template <class T, Shape S, auto... axes> auto count_over() {
  constexpr Axes over = Axes::of(S, axes...);
  constexpr Shape counted = [over] {
    Shape shape;
    for (int i = 0; i < over.axes.size(); ++i)
      if (over.axes[i] >= 0 && over.axes[i] < S.rank)
        shape.push(S[int(over.axes[i])]);
    return shape;
  }();
  return Count<T, counted>{};
}

} // namespace detail

/// Mean over some axes; none means all; `keep` leaves them with extent 1: `mean<-1, keep>(x)`. A
/// sum, then one division.
template <auto... axes> auto mean(const Operand auto &input) {
  const auto &x = detail::floats_over<"mean", axes...>(input);
  using X = std::remove_cvref_t<decltype(x)>;
  using T = element_of<X>;
  return detail::narrowed<T>(sum<axes...>(detail::widened(x)) /
                             detail::count_over<computed_t<T>, X::shape, axes...>());
}

/// a @ b.   a : (…, M, K), b : (K, N), or (…, K, N) with the same leading axes -> (…, M, N)
auto matmul(const Operand auto &a, const Operand auto &b) {
  using A = std::remove_cvref_t<decltype(a)>;
  using B = std::remove_cvref_t<decltype(b)>;
  constexpr int batch = B::shape.rank > 2 ? B::shape.rank - 2 : 0;
  static constexpr Rule rule =
      [] {
        if (A::shape.is_poison() || B::shape.is_poison())
          return Rule(Shape::poison());
        if (A::shape.rank < 2 || B::shape.rank < 2)
          return fail("needs two axes or more, got ", A::shape, " @ ", B::shape);
        if (!is_float<element_of<A>>)
          return fail("needs f32, f64, bf16 or f16, got ", spell(dtype_of<element_of<A>>));
        return detail::equal_types<A, B>(
            rule::contract(A::shape, B::shape, Ints::iota(batch), Ints::iota(batch),
                           Ints::of(A::shape.rank - 1), Ints::of(B::shape.rank - 2)));
      }()
          .in("kerf: matmul: ");
  KERF_CHECK(rule);
  return detail::make<op::contract<Ints::iota(batch), Ints::iota(batch),
                                   Ints::of(A::shape.rank - 1), Ints::of(B::shape.rank - 2)>,
                      element_of<A>, rule.shape>(a, b);
}

/// The axes of a matrix, or the last two of a stack of them, exchanged.
auto transpose_last(const Operand auto &x) {
  using X = std::remove_cvref_t<decltype(x)>;
  static constexpr Rule rule =
      (X::shape.is_poison() || X::shape.rank >= 2 ? Rule(X::shape)
                                                  : fail("needs two axes or more, got ", X::shape))
          .in("kerf: transpose_last: ");
  KERF_CHECK(rule);
  constexpr Ints permutation = [] {
    Ints axes = Ints::iota(X::shape.rank < 0 ? 0 : X::shape.rank);
    if (X::shape.rank >= 2) {
      axes[X::shape.rank - 2] = X::shape.rank - 1;
      axes[X::shape.rank - 1] = X::shape.rank - 2;
    }
    return axes;
  }();
  return detail::make<op::transpose<permutation>, element_of<X>,
                      rule.ok ? rule::transpose(X::shape, permutation).shape : Shape::poison()>(x);
}

/// A tensor of the given shape, by NumPy's rule.   broadcast_to<B, 64>(bias)
template <Dim... extents> auto broadcast_to(const Operand auto &x) {
  using X = std::remove_cvref_t<decltype(x)>;
  static constexpr Shape to = Shape::of(extents...);
  static constexpr Rule rule =
      [] {
        const Rule together = rule::broadcast_together(X::shape, to);
        if (together.ok && !together.shape.is_poison() && !(together.shape == to))
          return fail(X::shape, " does not stretch to ", to);
        return together;
      }()
          .in("kerf: broadcast_to: ");
  KERF_CHECK(rule);
  return detail::stretch<rule.shape>(x);
}

namespace detail {

/// x from `from` to `to` along one of its axes, every `step`-th; an error is in the words of
/// `user`.
template <int axis, Dim from, Dim to, std::int64_t step = 1, Name user = "slice">
auto cut_out(const Operand auto &x) {
  using X = std::remove_cvref_t<decltype(x)>;
  if constexpr (X::shape.is_poison()) {
    return Splat<element_of<X>, Shape::poison()>();
  } else {
    constexpr Shape offsets = with_extent(Shape::filled(X::shape.rank, 0), axis, from);
    constexpr Shape limits = with_extent(X::shape, axis, to);
    constexpr Ints strides = on_axis(X::shape.rank, axis, step, 1);
    static constexpr Rule rule =
        rule::slice(X::shape, offsets, limits, strides).in(prefix_of<user>);
    KERF_CHECK(rule);
    return make<op::slice<offsets, limits, strides>, element_of<X>, rule.shape>(x);
  }
}

} // namespace detail

/// Elements `from` to `to` (exclusive) of one axis.   take<1, 0, 32>(x), take<0, 0, 256 - B>(queue)
template <int axis, Dim from, Dim to> auto take(const Operand auto &x) {
  constexpr int along = int(detail::from_front(axis, shape_of<decltype(x)>));
  return detail::cut_out<along, from, to, 1, "take">(detail::along<"take", axis>(x));
}

/// e^x / sum(e^x) along one axis; a row of all -inf gives NaN.   [Bridle 1990]
template <int axis = -1> auto softmax(const Operand auto &input, Line line = Line::current()) {
  const auto &given = detail::floats_along<"softmax", axis>(input);
  let x(detail::widened(given), line);
  let e(exp(x - stop_gradient(max<axis, keep>(x))), line);
  return detail::narrowed<element_of<decltype(given)>>(e / sum<axis, keep>(e));
}

/// log(softmax(x)) along one axis, without overflow, to full relative precision: that of a class of
/// share 1 - d is -d, and its gradient is of the size of d (as exact as differences of x are).
/// -inf where x is, and no gradient there.
template <int axis = -1> auto log_softmax(const Operand auto &x) {
  using X = std::remove_cvref_t<decltype(x)>;
  static_assert(is_float<element_of<X>>, "kerf: log_softmax: x must be f32, f64, bf16 or f16");
  constexpr std::int64_t along = detail::from_front(axis, X::shape);
  static constexpr Rule rule = rule::argmin(X::shape, along).in("kerf: log_softmax: ");
  KERF_CHECK(rule);
  return detail::make<op::log_softmax<along>, element_of<X>, rule.ok ? X::shape : Shape::poison()>(
      x);
}

namespace detail {

/// (B, C, H, W), divisible into squares of `window`.
template <class X, int window> constexpr Rule windows_rule() {
  const Shape &x = shape_of<X>;
  if (x.is_poison())
    return x;
  if (x.rank != 4)
    return fail("needs images of [B, C, H, W], got ", x);
  if (window < 1)
    return fail("a window is 1 or more, got ", window);
  for (int axis = 2; axis < 4; ++axis)
    if (!divide(x[axis], Dim(window)).exists)
      return fail(x[axis], " is not divisible by the window ", window, ", axis ", axis, " of ", x);
  return x;
}
template <class X, int window> constexpr Rule float_windows_rule() {
  return of_floats<X>(windows_rule<X, window>());
}

} // namespace detail

/// Largest element of each window x window square; equal ones share the gradient, which
/// `nn::MaxPool2d`, of windows that overlap and are padded, gives to the first.
/// (B, C, window h, window w) -> (B, C, h, w)
template <int window> auto max_pool(const Operand auto &x) {
  return max<3, 5>(
      rearrange<"b c (h p) (w q) -> b c h p w q", size<"p">(window), size<"q">(window)>(
          detail::checked<"max_pool", detail::windows_rule<decltype(x), window>>(x)));
}

/// Mean of each window x window square.   (B, C, window h, window w) -> (B, C, h, w)
template <int window> auto mean_pool(const Operand auto &x) {
  return mean<3, 5>(
      rearrange<"b c (h p) (w q) -> b c h p w q", size<"p">(window), size<"q">(window)>(
          detail::checked<"mean_pool", detail::float_windows_rule<decltype(x), window>>(x)));
}

} // namespace kerf
