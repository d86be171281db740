// Convolutions of one, two and three axes, and their adjoints. Layouts are PyTorch's: images
// (N, C, …), filters (Out, In / Groups, …), of the adjoints (In, Out / Groups, …).
//
// The op is one of two axes, with strides and padding alike on both sides. The others are made of
// it: what is slower than an op of its own is said at the layers.
#pragma once

#include "kerf/nn/layer.h"

namespace kerf::nn {

/// One number per axis of a layer of three: Conv3d<1, 8, Three{1, 3, 3}>; of two it is `Both`.
struct Three {
  Ints axes;
  constexpr Three(int depth, int height, int width) : axes(Ints::of(depth, height, width)) {}
};

/// One number per spatial axis, or one for all.
template <int n> struct PerAxis {
  Ints axes;
  constexpr PerAxis(int each) : axes(Ints::filled(n, each)) {}
  constexpr PerAxis(Both both)
    requires(n == 2)
      : axes(both.axes) {}
  constexpr PerAxis(Three three)
    requires(n == 3)
      : axes(three.axes) {}
};

/// As much padding as keeps the extent: Conv2d<8, 8, 5, 1, same>. What is odd is at the end.
struct Same {};
inline constexpr Same same;

/// How many zeros stand on both sides of every axis.
template <int n> struct Around {
  Ints axes = Ints::filled(n, 0);
  bool is_same = false;
  constexpr Around(int each) : axes(Ints::filled(n, each)) {}
  constexpr Around(Same) : is_same(true) {}
  constexpr Around(PerAxis<n> each) : axes(each.axes) {}
  constexpr Around(Both both)
    requires(n == 2)
      : axes(both.axes) {}
  constexpr Around(Three three)
    requires(n == 3)
      : axes(three.axes) {}
};

namespace detail {

/// The numbers of a convolution, per spatial axis; zeros before and behind may differ. `extra` is
/// PyTorch's output_padding.
struct Geometry {
  Ints kernel, stride, low, high, dilation, extra;
  std::int64_t groups;

  constexpr int axes() const { return kernel.size(); }
  /// How far a kernel reaches.
  constexpr std::int64_t reach(int axis) const { return dilation[axis] * (kernel[axis] - 1) + 1; }
  constexpr bool is_symmetric() const { return low == high; }
  /// Its last two axes, or its only one as the second of two; groups as they are.
  constexpr Geometry flat() const {
    Geometry result{{}, {}, {}, {}, {}, {}, groups};
    const auto last = [n = axes()](const Ints &from, std::int64_t missing) {
      return Ints::of(n > 1 ? from[n - 2] : missing, from[n - 1]);
    };
    result.kernel = last(kernel, 1);
    result.stride = last(stride, 1);
    result.low = last(low, 0);
    result.high = last(high, 0);
    result.dilation = last(dilation, 1);
    result.extra = last(extra, 0);
    return result;
  }
};

template <int n>
constexpr Geometry geometry(PerAxis<n> kernel, PerAxis<n> stride, Around<n> padding,
                            PerAxis<n> dilation, std::int64_t groups, PerAxis<n> extra = 0) {
  Geometry result{kernel.axes,   stride.axes, padding.axes, padding.axes,
                  dilation.axes, extra.axes,  groups};
  if (!padding.is_same)
    return result;
  for (int i = 0; i < n; ++i) {
    const std::int64_t total = result.reach(i) - 1;
    result.low[i] = total / 2;
    result.high[i] = total - result.low[i];
  }
  return result;
}

/// What no convolution may have, whatever its input.
constexpr Rule is_sound(const Geometry &g, std::int64_t in, std::int64_t out) {
  if (g.groups < 1 || in % g.groups != 0 || out % g.groups != 0)
    return fail(in, " channels in and ", out, " out are not divisible by ", g.groups, " groups");
  for (int i = 0; i < g.axes(); ++i) {
    if (g.kernel[i] < 1 || g.stride[i] < 1 || g.dilation[i] < 1)
      return fail("kernel ", g.kernel, ", stride ", g.stride, " and dilation ", g.dilation,
                  " must be at least 1");
    if (g.low[i] < 0 || g.high[i] < 0 || g.extra[i] < 0)
      return fail("padding ", g.low, " and output padding ", g.extra, " must not be negative");
    if (g.extra[i] > 0 && g.extra[i] >= g.stride[i] && g.extra[i] >= g.dilation[i])
      return fail("output padding ", g.extra, " must be below the stride ", g.stride,
                  " or the dilation ", g.dilation);
  }
  return Shape{};
}

/// (N, …) -> (N, channels, …), each axis (size + low + high - reach) / stride + 1, rounded down.
constexpr Rule convolved_size(const Shape &x, const Geometry &g, const Dim &channels) {
  Shape result = Shape::of(x[0], channels);
  for (int i = 0; i < g.axes(); ++i) {
    const Dim room = x[2 + i] + Dim(g.low[i] + g.high[i] - g.reach(i));
    if (rule::detail::surely_negative(room))
      return fail("a kernel of ", g.kernel, " with dilation ", g.dilation, " and padding ", g.low,
                  " does not fit into ", x);
    const Quotient steps = floor_divide(room, g.stride[i]);
    if (!steps.exists)
      return fail("stride ", g.stride[i], " does not divide ", x[2 + i], " of ", x,
                  "; declare the dim as ", g.stride[i], "*n");
    result.push(steps.dim + Dim(1));
  }
  return result;
}

constexpr Rule convolved(const Shape &x, const Geometry &g, std::int64_t in, std::int64_t out,
                         bool is_same) {
  Rule rule = is_sound(g, in, out);
  if (rule.ok)
    rule = has_channels(x, in, g.axes());
  if (!rule.ok || x.is_poison())
    return rule;
  for (int i = 0; i < g.axes(); ++i)
    if (is_same && g.stride[i] != 1)
      return fail("padding `same` needs a stride of 1, got ", g.stride);
  return convolved_size(x, g, out);
}

/// (N, In, …) -> (N, Out, …), each axis (size - 1) stride - 2 padding + reach + extra.
constexpr Rule convolved_back(const Shape &x, const Geometry &g, std::int64_t in,
                              std::int64_t out) {
  Rule rule = is_sound(g, in, out);
  if (rule.ok)
    rule = has_channels(x, in, g.axes());
  if (!rule.ok || x.is_poison())
    return rule;
  Shape result = Shape::of(x[0], out);
  for (int i = 0; i < g.axes(); ++i) {
    const Dim size = (x[2 + i] - Dim(1)) * Dim(g.stride[i]) +
                     Dim(g.reach(i) + g.extra[i] - g.low[i] - g.high[i]);
    if (!size.is_named() && size.value < 1)
      return fail("a kernel of ", g.kernel, " with padding ", g.low, " leaves nothing of ", x);
    result.push(size);
  }
  return result;
}

/// x with zeros before, behind and between along one axis.
template <int axis, std::int64_t low, std::int64_t high, std::int64_t interior = 0>
auto zeros_along(const Operand auto &x) {
  constexpr int rank = shape_of<decltype(x)>.rank;
  return pad<on_axis(rank, axis, low, 0), on_axis(rank, axis, high, 0),
             on_axis(rank, axis, interior, 0)>(x);
}

/// A filter with zeros between its elements.
template <Ints dilation> auto dilated(const Operand auto &w) {
  if constexpr (dilation == Ints::of(1, 1)) {
    return static_cast<const stored_t<decltype(w)> &>(w);
  } else {
    constexpr Ints none = Ints::filled(4, 0);
    return pad<none, none, Ints::of(0, 0, dilation[0] - 1, dilation[1] - 1)>(w);
  }
}

/// Group by group: an op `f` on images, channels on axis 1, and filters, groups on axis 0.
template <std::int64_t groups>
auto in_groups(const auto &f, const Operand auto &images, const Operand auto &filters, Line line) {
  constexpr std::int64_t c = shape_of<decltype(images)>[1].value / groups,
                         r = shape_of<decltype(filters)>[0].value / groups;
  let x(images, line);
  let w(filters, line);
  const auto group = [&]<std::int64_t i>(std::integral_constant<std::int64_t, i>) {
    let part(cut_out<1, i * c, Dim((i + 1) * c)>(x), line);
    let its_filters(cut_out<0, i * r, Dim((i + 1) * r)>(w), line);
    return f(part, its_filters);
  };
  return side_by_side<1, groups>(group, line);
}

/// Each channel by itself: a sum over the kernel of shifted images times a column of the filter.
/// x : (N, C, H, W), padded, w : (C m, 1, kh, kw) -> (N, C m, rows, columns)
template <Ints stride, Ints dilation, Dim rows, Dim columns>
auto depthwise(const Operand auto &x, const Operand auto &w, Line line) {
  constexpr Shape shape = shape_of<decltype(x)>, filter = shape_of<decltype(w)>;
  constexpr Dim channels = shape[1], many = filter[0].value / channels.value;
  let images(make<op::reshape, f32, Shape::of(shape[0], channels, 1, shape[2], shape[3])>(x), line);
  let filters(make<op::reshape, f32, Shape::of(channels, many, filter[2], filter[3])>(w), line);
  let y = [&]<std::size_t... k>(std::index_sequence<k...>) {
    constexpr std::int64_t width = filter[3].value;
    const auto term = [&]<std::size_t at>(std::integral_constant<std::size_t, at>) {
      constexpr std::int64_t i = at / width, j = at % width;
      constexpr std::int64_t top = i * dilation[0], left = j * dilation[1];
      constexpr Dim bottom = (rows - Dim(1)) * Dim(stride[0]) + Dim(top + 1),
                    right = (columns - Dim(1)) * Dim(stride[1]) + Dim(left + 1);
      let shifted(cut_out<4, left, right, stride[1]>(cut_out<3, top, bottom, stride[0]>(images)),
                  line);
      let column(cut_out<3, j, Dim(j + 1)>(cut_out<2, i, Dim(i + 1)>(filters)), line);
      return shifted * make<op::reshape, f32, Shape::of(channels, many, 1, 1)>(column);
    };
    let sum(term(std::integral_constant<std::size_t, 0>()), line);
    ((k > 0 ? void(sum = let(sum + term(std::integral_constant<std::size_t, k>()), line)) : void()),
     ...);
    return sum;
  }(std::make_index_sequence<std::size_t(filter[2].value * filter[3].value)>());
  return make<op::reshape, f32, Shape::of(shape[0], filter[0], rows, columns)>(y);
}

/// Of two axes, whatever its numbers; `to` is the shape that the rule says.
template <Geometry g, Shape to>
auto convolve_flat(const Operand auto &x, const Operand auto &w, Line line) {
  if constexpr (!g.is_symmetric()) {
    constexpr Ints low = Ints::of(0, 0, g.low[0], g.low[1]),
                   high = Ints::of(0, 0, g.high[0], g.high[1]);
    constexpr Geometry unpadded = [] {
      Geometry result = g;
      result.low = result.high = Ints::of(0, 0);
      return result;
    }();
    let padded(pad<low, high, Ints::filled(4, 0)>(x), line);
    return convolve_flat<unpadded, to>(padded, w, line);
  } else if constexpr (g.groups > 1 && shape_of<decltype(w)>[1] == Dim(1)) {
    constexpr Ints around = Ints::of(0, 0, g.low[0], g.low[1]);
    let padded(pad<around, around, Ints::filled(4, 0)>(x), line);
    return depthwise<g.stride, g.dilation, to[2], to[3]>(padded, w, line);
  } else {
    const auto f = [](const auto &images, const auto &filters) {
      return make<op::conv<g.stride, g.low>, f32,
                  rule::conv(shape_of<decltype(images)>, shape_of<decltype(filters)>, g.stride,
                             g.low)
                      .shape>(images, filters);
    };
    if constexpr (g.groups == 1)
      return f(x, dilated<g.dilation>(w));
    else
      return in_groups<g.groups>(f, x, dilated<g.dilation>(w), line);
  }
}

/// The adjoint, of two axes.
template <Geometry g>
auto convolve_back_flat(const Operand auto &x, const Operand auto &w, Line line) {
  const auto f = [](const auto &images, const auto &filters) {
    constexpr Shape y = shape_of<decltype(images)>, k = shape_of<decltype(filters)>;
    constexpr Shape size = rule::transposed_size(y, k, g.stride, g.low, g.extra);
    return make<op::conv_transpose<g.stride, g.low>, f32,
                rule::conv_transpose(y, k, g.stride, g.low, size).shape>(images, filters);
  };
  if constexpr (g.groups == 1)
    return f(x, dilated<g.dilation>(w));
  else
    return in_groups<g.groups>(f, x, dilated<g.dilation>(w), line);
}

/// (N, C, L) as (N, C, 1, L).
template <class X> constexpr Shape one_high = Shape::of(X::shape[0], X::shape[1], 1, X::shape[2]);

/// Of three axes: a convolution of two over images in which the kernel's depth is more channels.
/// x : (N, g c, D, H, W), w : (O, c, z, kh, kw)
template <Geometry g, Shape to>
auto convolve_deep(const Operand auto &x, const Operand auto &w, Line line) {
  constexpr Shape s = shape_of<decltype(x)>;
  constexpr Dim c = s[1].value / g.groups, depth = to[2];
  let padded(zeros_along<1, g.low[0], g.high[0]>(
                 rearrange<"b (g c) d h w -> b d g c h w", size<"g">(g.groups)>(x)),
             line);
  const auto slices = [&]<std::int64_t z>(std::integral_constant<std::int64_t, z>) {
    constexpr std::int64_t from = z * g.dilation[0];
    constexpr Dim end = (depth - Dim(1)) * Dim(g.stride[0]) + Dim(from + 1);
    return make<op::reshape, f32, Shape::of(s[0], depth, g.groups, 1, c, s[3], s[4])>(
        cut_out<1, from, end, g.stride[0]>(padded));
  };
  const auto stacked = side_by_side<3, g.kernel[0]>(slices, line);
  constexpr Dim channels = s[1] * Dim(g.kernel[0]);
  let images(make<op::reshape, f32, Shape::of(s[0] * depth, channels, s[3], s[4])>(stacked), line);
  let filters(rearrange<"o c z h w -> o (z c) h w">(w), line);
  let y(
      convolve_flat<g.flat(), Shape::of(s[0] * depth, to[1], to[3], to[4])>(images, filters, line),
      line);
  return rearrange<"(b d) o h w -> b o d h w", size<"d">(depth)>(y);
}

/// Its adjoint: the kernel's depth is more channels of an adjoint of two axes, each of which then
/// stands where it belongs.   x : (N, g c, D, H, W), w : (g c, o, z, kh, kw)
template <Geometry g, Shape to>
auto convolve_back_deep(const Operand auto &x, const Operand auto &w, Line line) {
  constexpr Shape s = shape_of<decltype(x)>;
  constexpr std::int64_t kernel = g.kernel[0];
  let images(rearrange<"b c d h w -> (b d) c h w">(x), line);
  let filters(rearrange<"c o z h w -> c (z o) h w">(w), line);
  let flat(convolve_back_flat<g.flat()>(images, filters, line), line);
  let parts(rearrange<"(b d) (g z o) h w -> b d z g o h w", size<"d">(s[2]), size<"g">(g.groups),
                      size<"z">(kernel)>(flat),
            line);
  const auto placed = [&]<std::int64_t z>(std::integral_constant<std::int64_t, z>) {
    constexpr std::int64_t before = z * g.dilation[0],
                           behind = (kernel - 1 - z) * g.dilation[0] + g.extra[0];
    return zeros_along<1, before, behind, g.stride[0] - 1>(cut_out<2, z, Dim(z + 1)>(parts));
  };
  let sum(placed(std::integral_constant<std::int64_t, 0>()), line);
  [&]<std::int64_t... z>(std::integer_sequence<std::int64_t, z...>) {
    ((sum = let(sum + placed(std::integral_constant<std::int64_t, z + 1>()), line)), ...);
  }(std::make_integer_sequence<std::int64_t, kernel - 1>());
  let kept(cut_out<1, g.low[0], to[2] + Dim(g.low[0])>(sum), line);
  return rearrange<"b d 1 g o h w -> b (g o) d h w">(kept);
}

template <Geometry g, Shape to>
auto convolve(const Operand auto &x, const Operand auto &w, Line line) {
  using X = std::remove_cvref_t<decltype(x)>;
  using W = std::remove_cvref_t<decltype(w)>;
  if constexpr (g.axes() == 1)
    return make<op::reshape, f32, to>(convolve_flat<g.flat(), Shape::of(to[0], to[1], 1, to[2])>(
        make<op::reshape, f32, one_high<X>>(x), make<op::reshape, f32, one_high<W>>(w), line));
  else if constexpr (g.axes() == 2)
    return convolve_flat<g, to>(x, w, line);
  else
    return convolve_deep<g, to>(x, w, line);
}

template <Geometry g, Shape to>
auto convolve_back(const Operand auto &x, const Operand auto &w, Line line) {
  using X = std::remove_cvref_t<decltype(x)>;
  using W = std::remove_cvref_t<decltype(w)>;
  if constexpr (g.axes() == 1)
    return make<op::reshape, f32, to>(convolve_back_flat<g.flat()>(
        make<op::reshape, f32, one_high<X>>(x), make<op::reshape, f32, one_high<W>>(w), line));
  else if constexpr (g.axes() == 2)
    return convolve_back_flat<g>(x, w, line);
  else
    return convolve_back_deep<g, to>(x, w, line);
}

/// How many products an output sums.
constexpr std::int64_t inputs(std::int64_t channels, const Ints &kernel) {
  std::int64_t product = channels;
  for (int i = 0; i < kernel.size(); ++i)
    product *= kernel[i];
  return product;
}

template <Geometry g, std::int64_t in, std::int64_t out, Name layer, bool is_same>
auto convolution(const auto &x, const auto &weight, const auto &bias, Line line) {
  using X = std::remove_cvref_t<decltype(x)>;
  static constexpr Rule rule =
      takes_f32<X>(convolved(X::shape, g, in, out, is_same)).in(prefix_of<layer>);
  KERF_CHECK(rule);
  const Scope scope(weight);
  if constexpr (rule.shape.is_poison()) {
    return Nothing();
  } else {
    let y(plus(convolve<g, rule.shape>(x, weight, line), per_channel<g.axes()>(bias)), line);
    return y;
  }
}

template <Geometry g, std::int64_t in, std::int64_t out, Name layer>
auto convolution_back(const auto &x, const auto &weight, const auto &bias, Line line) {
  using X = std::remove_cvref_t<decltype(x)>;
  static constexpr Rule rule =
      takes_f32<X>(convolved_back(X::shape, g, in, out)).in(prefix_of<layer>);
  KERF_CHECK(rule);
  const Scope scope(weight);
  if constexpr (rule.shape.is_poison()) {
    return Nothing();
  } else {
    let y(plus(convolve_back<g, rule.shape>(x, weight, line), per_channel<g.axes()>(bias)), line);
    return y;
  }
}

} // namespace detail

/// Cross-correlation along one axis, and bias.
/// x : (N, In, L) -> (N, Out, (L + 2 Padding - Dilation (Kernel - 1) - 1) / Stride + 1)
/// With groups of one channel it is a sum of shifted images, with other groups one convolution each
/// with a copy of its channels; a dilated filter is filled with zeros, which are multiplied too.
template <int In, int Out, int Kernel, int Stride = 1, Around<1> Padding = 0, int Dilation = 1,
          int Groups = 1, bool Bias = true>
struct Conv1d : Module {
  static constexpr detail::Geometry geometry =
      detail::geometry<1>(Kernel, Stride, Padding, Dilation, Groups);
  Param<f32, Out, In / Groups, Kernel> weight;
  Optional<Param<f32, Out>, Bias> bias = init::fan_in(In / Groups * Kernel);

  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    return detail::convolution<geometry, In, Out, "Conv1d", Padding.is_same>(x, weight, bias, line);
  }
};

/// Cross-correlation and bias; `Both{3, 5}` where rows and columns differ.
/// x : (N, In, H, W) -> (N, Out, (H + 2 Padding - Dilation (Kernel - 1) - 1) / Stride + 1, …)
/// With groups of one channel it is a sum of shifted images, with other groups one convolution each
/// with a copy of its channels; a dilated filter is filled with zeros, which are multiplied too.
template <int In, int Out, PerAxis<2> Kernel, PerAxis<2> Stride = 1, Around<2> Padding = 0,
          PerAxis<2> Dilation = 1, int Groups = 1, bool Bias = true>
struct Conv2d : Module {
  static constexpr detail::Geometry geometry =
      detail::geometry<2>(Kernel, Stride, Padding, Dilation, Groups);
  Param<f32, Out, In / Groups, Kernel.axes[0], Kernel.axes[1]> weight;
  Optional<Param<f32, Out>, Bias> bias = init::fan_in(detail::inputs(In / Groups, Kernel.axes));

  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    return detail::convolution<geometry, In, Out, "Conv2d", Padding.is_same>(x, weight, bias, line);
  }
};

/// Cross-correlation along three axes, and bias; `Three{1, 3, 3}` where they differ.
/// x : (N, In, D, H, W) -> (N, Out, (D + 2 Padding - Dilation (Kernel - 1) - 1) / Stride + 1, …)
/// The images are copied once per layer of the kernel's depth, as more channels of a convolution of
/// two axes; groups and dilations of rows and columns are as those of Conv2d.
template <int In, int Out, PerAxis<3> Kernel, PerAxis<3> Stride = 1, Around<3> Padding = 0,
          PerAxis<3> Dilation = 1, int Groups = 1, bool Bias = true>
struct Conv3d : Module {
  static constexpr detail::Geometry geometry =
      detail::geometry<3>(Kernel, Stride, Padding, Dilation, Groups);
  Param<f32, Out, In / Groups, Kernel.axes[0], Kernel.axes[1], Kernel.axes[2]> weight;
  Optional<Param<f32, Out>, Bias> bias = init::fan_in(detail::inputs(In / Groups, Kernel.axes));

  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    return detail::convolution<geometry, In, Out, "Conv3d", Padding.is_same>(x, weight, bias, line);
  }
};

/// The adjoint of a convolution along one axis, and bias.
/// x : (N, In, L) -> (N, Out, (L - 1) Stride - 2 Padding + Dilation (Kernel - 1) + 1 +
/// OutputPadding) Groups and dilations cost what they cost Conv1d, groups of one channel a
/// convolution each.
template <int In, int Out, int Kernel, int Stride = 1, int Padding = 0, int OutputPadding = 0,
          int Groups = 1, bool Bias = true, int Dilation = 1>
struct ConvTranspose1d : Module {
  static constexpr int output_axis = 1; ///< of the weight
  static constexpr detail::Geometry geometry =
      detail::geometry<1>(Kernel, Stride, Padding, Dilation, Groups, OutputPadding);
  Param<f32, In, Out / Groups, Kernel> weight;
  Optional<Param<f32, Out>, Bias> bias = init::fan_in(Out / Groups * Kernel);

  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    return detail::convolution_back<geometry, In, Out, "ConvTranspose1d">(x, weight, bias, line);
  }
};

/// The adjoint of a convolution, and bias; `Both{3, 5}` where rows and columns differ.
/// x : (N, In, H, W) -> (N, Out, (H - 1) Stride - 2 Padding + Dilation (Kernel - 1) + 1 +
/// OutputPadding, …)
/// Groups and dilations cost what they cost Conv2d, groups of one channel a convolution each.
template <int In, int Out, PerAxis<2> Kernel, PerAxis<2> Stride = 1, PerAxis<2> Padding = 0,
          PerAxis<2> OutputPadding = 0, int Groups = 1, bool Bias = true, PerAxis<2> Dilation = 1>
struct ConvTranspose2d : Module {
  static constexpr int output_axis = 1; ///< of the weight
  static constexpr detail::Geometry geometry =
      detail::geometry<2>(Kernel, Stride, Padding, Dilation, Groups, OutputPadding);
  Param<f32, In, Out / Groups, Kernel.axes[0], Kernel.axes[1]> weight;
  Optional<Param<f32, Out>, Bias> bias = init::fan_in(detail::inputs(Out / Groups, Kernel.axes));

  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    return detail::convolution_back<geometry, In, Out, "ConvTranspose2d">(x, weight, bias, line);
  }
};

/// The adjoint of a convolution along three axes, and bias; `Three{1, 3, 3}` where they differ.
/// x : (N, In, D, H, W) -> (N, Out, (D - 1) Stride - 2 Padding + Dilation (Kernel - 1) + 1 +
/// OutputPadding, …)
/// The kernel's depth is more channels of an adjoint of two axes, whose images are then added.
template <int In, int Out, PerAxis<3> Kernel, PerAxis<3> Stride = 1, PerAxis<3> Padding = 0,
          PerAxis<3> OutputPadding = 0, int Groups = 1, bool Bias = true, PerAxis<3> Dilation = 1>
struct ConvTranspose3d : Module {
  static constexpr int output_axis = 1; ///< of the weight
  static constexpr detail::Geometry geometry =
      detail::geometry<3>(Kernel, Stride, Padding, Dilation, Groups, OutputPadding);
  Param<f32, In, Out / Groups, Kernel.axes[0], Kernel.axes[1], Kernel.axes[2]> weight;
  Optional<Param<f32, Out>, Bias> bias = init::fan_in(detail::inputs(Out / Groups, Kernel.axes));

  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    return detail::convolution_back<geometry, In, Out, "ConvTranspose3d">(x, weight, bias, line);
  }
};

} // namespace kerf::nn
