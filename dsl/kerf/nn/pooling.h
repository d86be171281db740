// Windows of images as one number each.
#pragma once

#include "kerf/nn/conv.h"
#include "kerf/shapes.h"

#include <limits>

namespace kerf::nn {

namespace detail {

/// (N, C, …) -> (N, C, …), each axis (size + 2 padding - kernel) / stride + 1, rounded down.
template <int axes>
constexpr Rule pooled(const Shape &x, const Ints &kernel, const Ints &stride, const Ints &padding) {
  if (x.is_poison())
    return x;
  for (int i = 0; i < axes; ++i) {
    if (kernel[i] < 1 || stride[i] < 1 || padding[i] < 0)
      return fail("windows ", kernel, " and strides ", stride, " are at least 1, padding ", padding,
                  " at least 0");
    if (2 * padding[i] > kernel[i])
      return fail("padding ", padding, " is more than half of the windows ", kernel);
  }
  if (const Rule image = is_image(x, axes); !image.ok)
    return image;
  const Geometry g{kernel, stride, padding, padding, Ints::filled(axes, 1), Ints::filled(axes, 0),
                   1};
  return convolved_size(x, g, x[1]);
}

/// x with `around` elements before and behind along an axis, all of them one number.
template <int axis, std::int64_t around> auto surrounded(const Operand auto &x, double number) {
  if constexpr (around == 0)
    return static_cast<const stored_t<std::remove_cvref_t<decltype(x)>> &>(x);
  else
    return constant_pad<axis, around, around>(x, number);
}

/// f(f(x0, x1), x2) … of the elements that a window has along an axis, each a strided slice.
template <int axis, std::int64_t kernel, std::int64_t stride, Dim count>
auto along_windows(const auto &f, const Operand auto &x, Line line) {
  const auto element = [&]<std::int64_t i>(std::integral_constant<std::int64_t, i>) {
    return cut_out<axis, i, (count - Dim(1)) * Dim(stride) + Dim(i + 1), stride>(x);
  };
  let result(element(std::integral_constant<std::int64_t, 0>()), line);
  [&]<std::int64_t... i>(std::integer_sequence<std::int64_t, i...>) {
    (
        [&] {
          let next(element(std::integral_constant<std::int64_t, i + 1>()), line);
          result = let(f(result, next), line);
        }(),
        ...);
  }(std::make_integer_sequence<std::int64_t, kernel - 1>());
  return result;
}

/// The windows of all axes from `axis` on, the last axis first.
template <int axis, Ints kernel, Ints stride, Ints padding, Shape to>
auto windows(const auto &f, double outside, const Operand auto &x, Line line) {
  if constexpr (axis == kernel.size()) {
    let y(x, line);
    return y;
  } else {
    const auto inner = windows<axis + 1, kernel, stride, padding, to>(f, outside, x, line);
    let around(surrounded<2 + axis, padding[axis]>(inner, outside), line);
    return along_windows<2 + axis, kernel[axis], stride[axis], to[2 + axis]>(f, around, line);
  }
}

template <Name layer, int axes, Ints kernel, Ints stride, Ints padding>
auto max_pool(const Operand auto &x, Line line) {
  using X = std::remove_cvref_t<decltype(x)>;
  static constexpr Rule rule =
      (is_float<element_of<X>> || padding == Ints::filled(axes, 0)
           ? pooled<axes>(X::shape, kernel, stride, padding)
           : fail("padding is of -infinity, which ", spell(dtype_of<element_of<X>>), " has not"))
          .in(prefix_of<layer>);
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison()) {
    return Nothing();
  } else {
    // The first of equal ones, which has the gradient, and a NaN before all.
    const auto larger = [](const auto &a, const auto &b) {
      return select(b > a, b, select(b == b, a, b));
    };
    return windows<0, kernel, stride, padding, rule.shape>(
        larger, -std::numeric_limits<double>::infinity(), x, line);
  }
}

/// How many elements of an axis are in each window, without its padding.
template <std::int64_t kernel, std::int64_t stride, std::int64_t padding, Dim size, Dim count>
auto elements_within(Line line) {
  const auto places = make<op::iota, i64, Shape::of(count)>();
  let first(places * stride - padding, line);
  return minimum(first + kernel, Count<i64, Shape::of(size)>{}) - maximum(first, 0);
}

template <Name layer, int axes, Ints kernel, Ints stride, Ints padding, bool counts_padding>
auto average_pool(const Operand auto &x, Line line) {
  using X = std::remove_cvref_t<decltype(x)>;
  static constexpr Rule rule =
      of_floats<X>(pooled<axes>(X::shape, kernel, stride, padding)).in(prefix_of<layer>);
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison()) {
    return Nothing();
  } else {
    const auto sum = [](const auto &a, const auto &b) { return a + b; };
    using T = element_of<X>;
    let total(windows<0, kernel, stride, padding, rule.shape>(sum, 0, widened(x), line), line);
    if constexpr (counts_padding || padding == Ints::filled(axes, 0)) {
      let y(narrowed<T>(total / double(inputs(1, kernel))), line);
      return y;
    } else {
      auto y = total;
      [&]<int... i>(std::integer_sequence<int, i...>) {
        ((y = let(y / per_channel<axes - 1 - i>(cast<computed_t<T>>(
                          elements_within<kernel[i], stride[i], padding[i], X::shape[2 + i],
                                          rule.shape[2 + i]>(line))),
                  line)),
         ...);
      }(std::make_integer_sequence<int, axes>());
      return let(narrowed<T>(y), line);
    }
  }
}

/// (N, C, …) -> (N, C, windows of each axis), and as (N, C, windows, elements, windows, …).
struct Parted {
  Rule rule = Shape{};
  Shape split;
};
template <int axes> constexpr Parted parted(const Shape &x, const Ints &count) {
  Parted result;
  result.rule = is_image(x, axes);
  if (!result.rule.ok || x.is_poison())
    return result;
  result.split = Shape::of(x[0], x[1]);
  Shape to = result.split;
  for (int i = 0; i < axes; ++i) {
    const Quotient size = count[i] < 1 ? Quotient{false, {}} : divide(x[2 + i], Dim(count[i]));
    if (!size.exists) {
      result.rule = fail(x[2 + i], " is not divisible into ", count[i], " windows, in ", x);
      return result;
    }
    result.split.push(count[i]);
    result.split.push(size.dim);
    to.push(count[i]);
  }
  result.rule = to;
  return result;
}

template <Name layer, int axes, Ints count, bool is_max>
auto adaptive_pool(const Operand auto &x, Line line) {
  using X = std::remove_cvref_t<decltype(x)>;
  static constexpr Parted plan = parted<axes>(X::shape, count);
  static constexpr Rule rule = (is_max ? plan.rule : of_floats<X>(plan.rule)).in(prefix_of<layer>);
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison()) {
    return Nothing();
  } else {
    return [&]<int... i>(std::integer_sequence<int, i...>) {
      const auto split = make<op::reshape, element_of<X>, plan.split>(x);
      if constexpr (is_max) {
        let y(max<(3 + 2 * i)...>(split), line);
        return y;
      } else {
        let y(mean<(3 + 2 * i)...>(split), line);
        return y;
      }
    }(std::make_integer_sequence<int, axes>());
  }
}

} // namespace detail

/// The largest of each window; the first of equal ones has the gradient, which `max_pool` shares
/// among them. Padding is of -infinity.
/// x : (N, C, L) -> (N, C, (L + 2 Padding - Kernel) / Stride + 1)
template <int Kernel, int Stride = Kernel, int Padding = 0> struct MaxPool1d : Module {
  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    return detail::max_pool<"MaxPool1d", 1, Ints::of(Kernel), Ints::of(Stride), Ints::of(Padding)>(
        x, line);
  }
};
/// x : (N, C, H, W) -> (N, C, (H + 2 Padding - Kernel) / Stride + 1, …)
template <PerAxis<2> Kernel, PerAxis<2> Stride = Kernel, PerAxis<2> Padding = 0>
struct MaxPool2d : Module {
  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    return detail::max_pool<"MaxPool2d", 2, Kernel.axes, Stride.axes, Padding.axes>(x, line);
  }
};
/// x : (N, C, D, H, W) -> (N, C, (D + 2 Padding - Kernel) / Stride + 1, …)
template <PerAxis<3> Kernel, PerAxis<3> Stride = Kernel, PerAxis<3> Padding = 0>
struct MaxPool3d : Module {
  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    return detail::max_pool<"MaxPool3d", 3, Kernel.axes, Stride.axes, Padding.axes>(x, line);
  }
};

/// The mean of each window; zeros of the padding count, unless `CountIncludePad` is false.
/// x : (N, C, L) -> (N, C, (L + 2 Padding - Kernel) / Stride + 1)
template <int Kernel, int Stride = Kernel, int Padding = 0, bool CountIncludePad = true>
struct AvgPool1d : Module {
  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    return detail::average_pool<"AvgPool1d", 1, Ints::of(Kernel), Ints::of(Stride),
                                Ints::of(Padding), CountIncludePad>(x, line);
  }
};
/// x : (N, C, H, W) -> (N, C, (H + 2 Padding - Kernel) / Stride + 1, …)
template <PerAxis<2> Kernel, PerAxis<2> Stride = Kernel, PerAxis<2> Padding = 0,
          bool CountIncludePad = true>
struct AvgPool2d : Module {
  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    return detail::average_pool<"AvgPool2d", 2, Kernel.axes, Stride.axes, Padding.axes,
                                CountIncludePad>(x, line);
  }
};
/// x : (N, C, D, H, W) -> (N, C, (D + 2 Padding - Kernel) / Stride + 1, …)
template <PerAxis<3> Kernel, PerAxis<3> Stride = Kernel, PerAxis<3> Padding = 0,
          bool CountIncludePad = true>
struct AvgPool3d : Module {
  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    return detail::average_pool<"AvgPool3d", 3, Kernel.axes, Stride.axes, Padding.axes,
                                CountIncludePad>(x, line);
  }
};

/// The mean of each of Out windows that an axis is divided into; of 1, over the whole axis. Extents
/// that Out does not divide, where PyTorch lets windows overlap, are an error.
/// x : (N, C, L) -> (N, C, Out)
template <int Out> struct AdaptiveAvgPool1d : Module {
  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    return detail::adaptive_pool<"AdaptiveAvgPool1d", 1, Ints::of(Out), false>(x, line);
  }
};
/// x : (N, C, H, W) -> (N, C, Out, Out)
template <PerAxis<2> Out> struct AdaptiveAvgPool2d : Module {
  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    return detail::adaptive_pool<"AdaptiveAvgPool2d", 2, Out.axes, false>(x, line);
  }
};
/// x : (N, C, D, H, W) -> (N, C, Out, Out, Out)
template <PerAxis<3> Out> struct AdaptiveAvgPool3d : Module {
  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    return detail::adaptive_pool<"AdaptiveAvgPool3d", 3, Out.axes, false>(x, line);
  }
};
/// The largest of each of Out windows, as AdaptiveAvgPool2d their means; equal ones share the
/// gradient.   x : (N, C, H, W) -> (N, C, Out, Out)
template <PerAxis<2> Out> struct AdaptiveMaxPool2d : Module {
  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    return detail::adaptive_pool<"AdaptiveMaxPool2d", 2, Out.axes, true>(x, line);
  }
};

} // namespace kerf::nn
