// Normalisation: of features, of groups of channels, of channels over a batch.
#pragma once

#include "kerf/nn/layer.h"
#include "kerf/nn/mode.h"

namespace kerf::nn {

/// The last axes of what is normalised: LayerNorm<64>, LayerNorm<Shape::of(16, 8, 8)>.
struct LastAxes {
  Shape shape;
  constexpr LastAxes(int features) : shape(Shape::of(features)) {}
  constexpr LastAxes(const Shape &shape) : shape(shape) {}
};

namespace detail {

/// An input that ends in these axes.
constexpr Rule ends_in(const Shape &x, const Shape &axes) {
  if (x.is_poison())
    return x;
  bool fits = x.rank >= axes.rank;
  for (int i = 1; i <= axes.rank && fits; ++i)
    fits = x[-i] == axes[-i];
  return fits ? Rule(x) : fail("the input ", x, " does not end in ", axes);
}

/// The mean over the last axes, which stay.
template <int axes> auto mean_of_last(const Operand auto &x) {
  return [&]<std::size_t... i>(std::index_sequence<i...>) {
    return mean<(-1 - int(i))..., keep>(x);
  }(std::make_index_sequence<std::size_t(axes)>());
}

/// (x - mean) / sqrt(variance + epsilon) over the last axes.
template <int axes> auto standardised(const Operand auto &x, double epsilon, Line line) {
  let centred(x - mean_of_last<axes>(x), line);
  return centred * rsqrt(mean_of_last<axes>(square(centred)) + epsilon);
}

/// (N, C, …) as (N, groups, all that a group has).
template <std::int64_t groups> constexpr Shape by_groups(const Shape &x) {
  Dim rest = x[1].value / groups;
  for (int i = 2; i < x.rank; ++i)
    rest = rest * x[i];
  return Shape::of(x[0], groups, rest);
}

constexpr Rule divides(const Rule &rule, std::int64_t groups, std::int64_t channels) {
  if (groups < 1 || channels % groups != 0)
    return fail(channels, " channels are not divisible by ", groups, " groups");
  return rule;
}

template <std::int64_t groups, std::int64_t channels, Name layer, int spatial>
auto group_norm(const auto &x, const auto &weight, const auto &bias, double epsilon, Line line) {
  using X = std::remove_cvref_t<decltype(x)>;
  static constexpr Rule rule =
      takes_f32<X>(divides(has_channels(X::shape, channels, spatial), groups, channels))
          .in(prefix_of<layer>);
  KERF_CHECK(rule);
  const Scope scope(weight);
  if constexpr (rule.shape.is_poison()) {
    return Nothing();
  } else {
    constexpr int axes = X::shape.rank - 2;
    let grouped(make<op::reshape, f32, by_groups<groups>(X::shape)>(x), line);
    let each(make<op::reshape, f32, X::shape>(standardised<1>(grouped, epsilon, line)), line);
    let y(plus(times(each, per_channel<axes>(weight)), per_channel<axes>(bias)), line);
    return y;
  }
}

/// The mean over all axes but the channels, which all stay.
template <int rank> auto mean_of_channels(const Operand auto &x) {
  return [&]<std::size_t... i>(std::index_sequence<i...>) {
    return mean<0, (2 + int(i))..., keep>(x);
  }(std::make_index_sequence<std::size_t(rank - 2)>());
}

/// How many values a channel has.
constexpr Shape values_per_channel(const Shape &x) {
  Shape counted = Shape::of(x[0]);
  for (int i = 2; i < x.rank; ++i)
    counted.push(x[i]);
  return counted;
}

/// Of [N, C] or images.
constexpr Rule takes_batch(const Shape &x, std::int64_t channels, int spatial) {
  const bool is_flat = spatial == 1 && x.rank == 2;
  return has_channels(x, channels, is_flat ? 0 : spatial);
}

template <Name layer, int spatial, std::int64_t channels>
auto batch_norm(const auto &self, const auto &input, Mode mode, Line line) {
  using X = std::remove_cvref_t<decltype(input)>;
  static constexpr Rule rule =
      takes_f32<X>(takes_batch(X::shape, channels, spatial)).in(prefix_of<layer>);
  KERF_CHECK(rule);
  const Scope scope(self.running_mean);
  if constexpr (rule.shape.is_poison()) {
    return Nothing();
  } else {
    constexpr int rank = X::shape.rank;
    constexpr Shape one = with_ones(Shape::of(1, channels), rank - 2);
    using Statistic = TensorOf<f32, one>;
    let x(input, line);
    Statistic mean, variance;
    if (mode == Mode::training) {
      if (values_per_channel(X::shape).numel() == 1) {
        Text text;
        stop(line, text << layer.view() << ": training takes more than 1 value per channel, got "
                        << X::shape);
      }
      const auto flat = [](const Statistic &x) {
        return make<op::reshape, f32, Shape::of(channels)>(x);
      };
      const auto follow = [&](const auto &running, const auto &batch) {
        running.update((1 - self.momentum) * running + self.momentum * batch, line);
      };
      mean = Statistic(mean_of_channels<rank>(x), line);
      variance = Statistic(mean_of_channels<rank>(square(x - mean)), line);
      const auto n = Count<f32, values_per_channel(X::shape)>{};
      follow(self.running_mean, flat(mean));
      follow(self.running_var, flat(variance) * (n / maximum(n - 1, 1)));
      self.num_batches_tracked.update(self.num_batches_tracked + 1, line);
    } else {
      mean = Statistic(make<op::reshape, f32, one>(self.running_mean), line);
      variance = Statistic(make<op::reshape, f32, one>(self.running_var), line);
    }
    let scale(times(rsqrt(variance + self.epsilon), per_channel<rank - 2>(self.weight)), line);
    let y(plus((x - mean) * scale, per_channel<rank - 2>(self.bias)), line);
    return y;
  }
}

/// InstanceNorm of so many spatial axes.
template <Name layer, int spatial, int channels, bool affine> struct InstanceNorm : Module {
  Optional<Param<f32, channels>, affine> weight = init::ones();
  Optional<Param<f32, channels>, affine> bias = init::zeros();
  double epsilon = 1e-5;

  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    return group_norm<channels, channels, layer, spatial>(x, weight, bias, epsilon, line);
  }
};

/// BatchNorm of so many spatial axes.
template <Name layer, int spatial, int channels, bool affine> struct BatchNorm : Module {
  Optional<Param<f32, channels>, affine> weight = init::ones();
  Optional<Param<f32, channels>, affine> bias = init::zeros();
  Buffer<f32, channels> running_mean = init::zeros();
  Buffer<f32, channels> running_var = init::ones();
  Buffer<i64> num_batches_tracked;
  double epsilon = 1e-5;
  double momentum = 0.1;

  [[nodiscard]] auto operator()(const Operand auto &x, Mode mode,
                                Line line = Line::current()) const {
    return batch_norm<layer, spatial, channels>(*this, x, mode, line);
  }
  template <NoMode... Others> auto operator()(const Operand auto &, const Others &...) const {
    return without_mode<layer, Others...>();
  }
};

} // namespace detail

/// (x - mean) / sqrt(variance + epsilon) w + b over the last axes.   x : (…, Features) -> the same
/// Of one axis nn::LayerNorm<64>, of several nn::LayerNorm<Shape::of(16, 8, 8)>.   [Ba 2016]
template <LastAxes Features, bool Affine = true, bool Bias = Affine> struct LayerNorm : Module {
  Optional<ParamOf<f32, Features.shape>, Affine> weight = init::ones();
  Optional<ParamOf<f32, Features.shape>, Affine && Bias> bias = init::zeros();
  double epsilon = 1e-5;

  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    using X = std::remove_cvref_t<decltype(x)>;
    static constexpr Rule rule =
        detail::takes_f32<X>(detail::ends_in(X::shape, Features.shape)).in("kerf: LayerNorm: ");
    KERF_CHECK(rule);
    const Scope scope(weight);
    if constexpr (rule.shape.is_poison()) {
      return detail::Nothing();
    } else {
      let given(x, line);
      const auto each = detail::standardised<Features.shape.rank>(given, epsilon, line);
      let y(detail::plus(detail::times(each, weight), bias), line);
      return y;
    }
  }
};

/// x / sqrt(mean of x^2 + epsilon) w over the last axes.   x : (…, Features) -> the same
/// [Zhang 2019]
template <LastAxes Features, bool Affine = true> struct RMSNorm : Module {
  Optional<ParamOf<f32, Features.shape>, Affine> weight = init::ones();
  double epsilon = 0x1p-23; // PyTorch's default for f32

  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    using X = std::remove_cvref_t<decltype(x)>;
    static constexpr Rule rule =
        detail::takes_f32<X>(detail::ends_in(X::shape, Features.shape)).in("kerf: RMSNorm: ");
    KERF_CHECK(rule);
    const Scope scope(weight);
    if constexpr (rule.shape.is_poison()) {
      return detail::Nothing();
    } else {
      let given(x, line);
      const auto square_mean = detail::mean_of_last<Features.shape.rank>(square(given));
      let y(detail::times(given * rsqrt(square_mean + epsilon), weight), line);
      return y;
    }
  }
};

/// Mean 0 and variance 1 of each group of channels of an image, then w and b per channel.
/// x : (N, Channels, …) -> the same   [Wu 2018]
template <int Groups, int Channels, bool Affine = true> struct GroupNorm : Module {
  Optional<Param<f32, Channels>, Affine> weight = init::ones();
  Optional<Param<f32, Channels>, Affine> bias = init::zeros();
  double epsilon = 1e-5;

  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    return detail::group_norm<Groups, Channels, "GroupNorm", -1>(x, weight, bias, epsilon, line);
  }
};

/// Mean 0 and variance 1 of each channel of each image.   x : (N, Channels, L) -> the same
/// [Ulyanov 2016]
template <int Channels, bool Affine = false>
using InstanceNorm1d = detail::InstanceNorm<"InstanceNorm1d", 1, Channels, Affine>;
/// x : (N, Channels, H, W) -> the same
template <int Channels, bool Affine = false>
using InstanceNorm2d = detail::InstanceNorm<"InstanceNorm2d", 2, Channels, Affine>;
/// x : (N, Channels, D, H, W) -> the same
template <int Channels, bool Affine = false>
using InstanceNorm3d = detail::InstanceNorm<"InstanceNorm3d", 3, Channels, Affine>;

/// Mean 0 and variance 1 of each channel, then w and b: in training over the batch, whose
/// statistics the running ones follow by `momentum`, the variance as its unbiased estimate; in
/// inference by the running ones.   x : (N, Channels) or (N, Channels, L) -> the same
///
///     let h = relu(norm(linear(x), Mode::training));
///
/// Training on one value per channel is refused, as in PyTorch; where only `bind` makes it one, the
/// variance is 0, also as the estimate.   [Ioffe 2015]
template <int Channels, bool Affine = true>
using BatchNorm1d = detail::BatchNorm<"BatchNorm1d", 1, Channels, Affine>;
/// x : (N, Channels, H, W) -> the same
template <int Channels, bool Affine = true>
using BatchNorm2d = detail::BatchNorm<"BatchNorm2d", 2, Channels, Affine>;
/// x : (N, Channels, D, H, W) -> the same
template <int Channels, bool Affine = true>
using BatchNorm3d = detail::BatchNorm<"BatchNorm3d", 3, Channels, Affine>;

} // namespace kerf::nn
