// Larger images.
#pragma once

#include "kerf/nn/conv.h"

namespace kerf::nn {

/// How an image is enlarged: by the nearest element, or linear between the two nearest of each
/// axis, elements standing in the middle of their squares (PyTorch's align_corners=False).
enum class Interpolation { nearest, bilinear };

namespace detail {

/// x : (N, C, H, W) -> (N, C, scale H, scale W)
constexpr Rule enlarged(const Shape &x, const Ints &scale, Interpolation mode) {
  if (x.is_poison())
    return x;
  if (scale[0] < 1 || scale[1] < 1)
    return fail("scales are at least 1, got ", scale);
  if (x.rank != 4)
    return fail("needs an input of [N, C, H, W], got ", x);
  if (mode == Interpolation::bilinear && (x[2].is_named() || x[3].is_named()))
    return fail("bilinear needs extents that are numbers, got ", x);
  return Shape::of(x[0], x[1], x[2] * Dim(scale[0]), x[3] * Dim(scale[1]));
}

/// Each element of an axis `scale` times.
template <int axis, std::int64_t scale> auto repeated(const Operand auto &x, Line line) {
  using X = std::remove_cvref_t<decltype(x)>;
  using T = element_of<X>;
  constexpr Shape s = X::shape;
  const auto one = make<op::reshape, T, with_axis(s, axis + 1, 1)>(x);
  const auto all =
      make<op::broadcast<Ints::iota(s.rank + 1)>, T, with_axis(s, axis + 1, scale)>(one);
  let y(make<op::reshape, T, with_extent(s, axis, s[axis] * Dim(scale))>(all), line);
  return y;
}

/// `scale` elements for each of an axis, between it and its neighbours; what is beyond an end
/// counts as the end. Two products for each element, where `resize_bilinear`, to any size, has one
/// for every element of the old axis.
template <int axis, std::int64_t scale> auto interpolated(const Operand auto &given, Line line) {
  using X = std::remove_cvref_t<decltype(given)>;
  using T = element_of<X>;
  constexpr std::int64_t size = X::shape[axis].value;
  let x(given, line);
  let before(concat<axis>(cut_out<axis, 0, Dim(1)>(x), cut_out<axis, 0, Dim(size - 1)>(x)), line);
  let behind(concat<axis>(cut_out<axis, 1, Dim(size)>(x), cut_out<axis, size - 1, Dim(size)>(x)),
             line);
  const auto between = [&]<std::int64_t k>(std::integral_constant<std::int64_t, k>) {
    constexpr double place = (k + 0.5) / scale - 0.5; // as seen from the middle of the element
    constexpr Shape one = with_axis(X::shape, axis + 1, 1);
    if constexpr (place < 0)
      return make<op::reshape, T, one>(-place * before + (1 + place) * x);
    else
      return make<op::reshape, T, one>(place * behind + (1 - place) * x);
  };
  const auto all = side_by_side<axis + 1, scale>(between, line);
  let y(make<op::reshape, T, with_extent(X::shape, axis, Dim(size * scale))>(all), line);
  return y;
}

constexpr Rule shuffled(const Shape &x, std::int64_t r) {
  if (x.is_poison())
    return x;
  if (r < 1 || x.rank != 4)
    return fail("needs an input of [N, C, H, W] and a factor of at least 1, got ", x, " and ", r);
  const Quotient channels = divide(x[1], Dim(r * r));
  if (!channels.exists)
    return fail(x[1], " channels are not divisible by ", r, "^2, in ", x);
  return Shape::of(x[0], channels.dim, x[2] * Dim(r), x[3] * Dim(r));
}

constexpr Rule unshuffled(const Shape &x, std::int64_t r) {
  if (x.is_poison())
    return x;
  if (r < 1 || x.rank != 4)
    return fail("needs an input of [N, C, H, W] and a factor of at least 1, got ", x, " and ", r);
  const Quotient rows = divide(x[2], Dim(r)), columns = divide(x[3], Dim(r));
  if (!rows.exists || !columns.exists)
    return fail(x[2], " rows and ", x[3], " columns are not divisible by ", r, ", in ", x);
  return Shape::of(x[0], x[1] * Dim(r * r), rows.dim, columns.dim);
}

} // namespace detail

/// An image `Scale` times as large.   x : (N, C, H, W) -> (N, C, Scale H, Scale W)
template <PerAxis<2> Scale, Interpolation Mode = Interpolation::nearest> struct Upsample : Module {
  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    using X = std::remove_cvref_t<decltype(x)>;
    static constexpr Rule rule =
        (Mode == Interpolation::nearest
             ? detail::enlarged(X::shape, Scale.axes, Mode)
             : detail::of_floats<X>(detail::enlarged(X::shape, Scale.axes, Mode)))
            .in("kerf: Upsample: ");
    KERF_CHECK(rule);
    if constexpr (rule.shape.is_poison()) {
      return detail::Nothing();
    } else if constexpr (Mode == Interpolation::nearest) {
      const auto tall = detail::repeated<2, Scale.axes[0]>(x, line);
      return detail::repeated<3, Scale.axes[1]>(tall, line);
    } else {
      const auto tall = detail::interpolated<2, Scale.axes[0]>(x, line);
      return detail::interpolated<3, Scale.axes[1]>(tall, line);
    }
  }
};

/// Channels as squares of Factor x Factor.   x : (N, C Factor^2, H, W) -> (N, C, Factor H, Factor
/// W) [Shi 2016]
template <int Factor> struct PixelShuffle : Module {
  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    using X = std::remove_cvref_t<decltype(x)>;
    static constexpr Rule rule = detail::shuffled(X::shape, Factor).in("kerf: PixelShuffle: ");
    KERF_CHECK(rule);
    if constexpr (rule.shape.is_poison()) {
      return detail::Nothing();
    } else {
      let y(rearrange<"b (c p q) h w -> b c (h p) (w q)", size<"p">(Factor), size<"q">(Factor)>(x),
            line);
      return y;
    }
  }
};

/// Squares of Factor x Factor as channels.   x : (N, C, Factor H, Factor W) -> (N, C Factor^2, H,
/// W)
template <int Factor> struct PixelUnshuffle : Module {
  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    using X = std::remove_cvref_t<decltype(x)>;
    static constexpr Rule rule = detail::unshuffled(X::shape, Factor).in("kerf: PixelUnshuffle: ");
    KERF_CHECK(rule);
    if constexpr (rule.shape.is_poison()) {
      return detail::Nothing();
    } else {
      let y(rearrange<"b c (h p) (w q) -> b (c p q) h w", size<"p">(Factor), size<"q">(Factor)>(x),
            line);
      return y;
    }
  }
};

} // namespace kerf::nn
