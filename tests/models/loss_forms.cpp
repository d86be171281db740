// Losses over all pairs of rows and columns beside the formulas that define them, written out with
// whole matrices: values, gradients, tangents and curves of both come out. And large ones, which
// are streamed.
#include <kerf/derivatives.h>
#include <kerf/kerf.h>

namespace kerf::models {
namespace {

/// A loss, its gradient, what it gains along a direction, and how its gradient turns along it.
template <class P> struct Outcome {
  Tensor<f32> loss, along;
  P slopes, curves;
};
template <auto f, class P, class... Constants>
Outcome<P> outcome(const P &p, const P &direction, const Constants &...constants) {
  const auto loss = [&](const P &p) -> Tensor<f32> { return f(p, constants...); };
  auto [value, slopes] = value_and_grad(loss)(p);
  const auto [again, along] = jvp(loss, direction)(p);
  return {value, along, slopes, hvp(loss, direction)(p)};
}

/// A loss and its gradient.
template <class P> struct Gradient {
  Tensor<f32> loss;
  P slopes;
};
template <auto f, class P, class... Constants>
Gradient<P> gradient(const P &p, const Constants &...constants) {
  const auto loss = [&](const P &p) -> Tensor<f32> { return f(p, constants...); };
  auto [value, slopes] = value_and_grad(loss)(p);
  return {value, slopes};
}

// ---- linear_cross_entropy --------------------------------------------------------------------

/// Rows of sequences, classes, features.
template <int B, int T, int K, int D> struct Classes {
  struct Layer {
    Tensor<f32, B, T, D> x;
    Tensor<f32, K, D> weight;
    Tensor<f32, K> bias;
  };
  using Labels = Tensor<i64, B, T>; // any integers
  using Each = Tensor<f32, K>;

  static auto labels(const Labels &any) { return remainder(any, K); }
  /// As the weights of classes, which are above 0.
  static auto above_0(const Each &any) { return square(any) + 0.25; }

  static auto plain(const Layer &p, const Labels &y) {
    return linear_cross_entropy(p.x, p.weight, labels(y));
  }
  static auto ignoring(const Layer &p, const Labels &y) {
    return linear_cross_entropy(p.x, p.weight, labels(y), ignore = 2,
                                option<"linear_bias"> = p.bias);
  }
  static auto with_all(const Layer &p, const Labels &y, const Each &w) {
    return linear_cross_entropy(p.x, p.weight, labels(y), option<"weight"> = above_0(w),
                                option<"label_smoothing"> = 0.25, option<"linear_bias"> = p.bias,
                                ignore = 1);
  }
  static auto of_each(const Layer &p, const Labels &y) {
    return sum(square(linear_cross_entropy<Reduction::none>(p.x, p.weight, labels(y), ignore = 0)));
  }
  static auto soft(const Layer &p, const Each &w) {
    let t = softmax<2>(einsum<"b t d, k d -> b t k">(stop_gradient(p.x), stop_gradient(p.weight)));
    return linear_cross_entropy(p.x, p.weight, t, option<"linear_bias"> = p.bias,
                                option<"label_smoothing"> = 0.125, option<"weight"> = above_0(w));
  }

  /// log(e^l / sum e^l)   (B, T, K)
  static auto log_shares(const auto &l) { return log(exp(l) / sum<-1, keep>(exp(l))); }
  static auto products(const Layer &p) { return einsum<"b t d, k d -> b t k">(p.x, p.weight); }
  /// Of each row, of t as it is and of all classes alike, each class by its weight.
  static auto rows_of(const auto &l, const auto &t, const auto &w, double smoothing) {
    let log_p = log_shares(l);
    return -(1 - smoothing) * sum<-1>(t * w * log_p) - smoothing / K * sum<-1>(w * log_p);
  }
  static auto plain_by_formula(const Layer &p, const Labels &y) {
    return sum(rows_of(products(p), one_hot<K>(labels(y)), 1, 0)) / (B * T);
  }
  static auto ignoring_by_formula(const Layer &p, const Labels &y) {
    let counts = cast<f32>(labels(y) != 2);
    return sum(counts * rows_of(products(p) + p.bias, one_hot<K>(labels(y)), 1, 0)) / sum(counts);
  }
  static auto with_all_by_formula(const Layer &p, const Labels &y, const Each &w) {
    let counts = cast<f32>(labels(y) != 1);
    let t = one_hot<K>(labels(y));
    return sum(counts * rows_of(products(p) + p.bias, t, above_0(w), 0.25)) /
           sum(counts * sum<-1>(t * above_0(w)));
  }
  static auto of_each_by_formula(const Layer &p, const Labels &y) {
    let counts = cast<f32>(labels(y) != 0);
    return sum(counts * square(rows_of(products(p), one_hot<K>(labels(y)), 1, 0)));
  }
  static auto soft_by_formula(const Layer &p, const Each &w) {
    let l = products(p);
    let t = stop_gradient(exp(l) / sum<-1, keep>(exp(l)));
    return sum(rows_of(l + p.bias, t, above_0(w), 0.125)) / (B * T);
  }
};

// ---- contrastive losses ----------------------------------------------------------------------

template <int N, int D> struct Pairs {
  struct Rows {
    Tensor<f32, N, D> a, b;
    Tensor<f32> scale, bias;
  };

  static auto info(const Rows &p) { return info_nce(p.a, p.b, p.scale); }
  static auto clip(const Rows &p) { return clip_loss(p.a, p.b, p.scale); }
  static auto siglip(const Rows &p) { return siglip_loss(p.a, p.b, p.scale, p.bias); }

  static auto scores(const Rows &p) { return p.scale * matmul(p.a, transpose_last(p.b)); }
  /// Mean of -log of the share of what stands on the diagonal, among what is along an axis.
  template <int axis> static auto own_share(const auto &z) {
    return -sum(eye<f32, N>() * log(exp(z) / sum<axis, keep>(exp(z)))) / N;
  }
  static auto info_by_formula(const Rows &p) { return own_share<1>(scores(p)); }
  static auto clip_by_formula(const Rows &p) {
    let z = scores(p);
    return (own_share<1>(z) + own_share<0>(z)) / 2;
  }
  static auto siglip_by_formula(const Rows &p) {
    let z = (2 * eye<f32, N>() - 1) * (scores(p) + p.bias);
    return -sum(log(1 / (1 + exp(-z)))) / N;
  }
};

using Few = Classes<3, 5, 8, 4>;
using Many = Classes<1, 1031, 1100, 40>;

template <auto f> constexpr auto of_labels = outcome<f, Few::Layer, Few::Labels>;
template <auto f> constexpr auto of_weights = outcome<f, Few::Layer, Few::Each>;
using FewPairs = Pairs<8, 3>;
using ManyPairs = Pairs<1201, 24>;
template <auto f> constexpr auto of_pairs = outcome<f, FewPairs::Rows>;
template <auto f> constexpr auto of_both = outcome<f, Few::Layer, Few::Labels, Few::Each>;

const auto registered = model<"loss_forms">(
    entry<"plain">(of_labels<Few::plain>, roles("layer", "direction", "y")),
    entry<"plain_by_formula">(of_labels<Few::plain_by_formula>, roles("layer", "direction", "y")),
    entry<"ignoring">(of_labels<Few::ignoring>, roles("layer", "direction", "y")),
    entry<"ignoring_by_formula">(of_labels<Few::ignoring_by_formula>,
                                 roles("layer", "direction", "y")),
    entry<"with_all">(of_both<Few::with_all>, roles("layer", "direction", "y", "w")),
    entry<"with_all_by_formula">(of_both<Few::with_all_by_formula>,
                                 roles("layer", "direction", "y", "w")),
    entry<"of_each">(of_labels<Few::of_each>, roles("layer", "direction", "y")),
    entry<"of_each_by_formula">(of_labels<Few::of_each_by_formula>,
                                roles("layer", "direction", "y")),
    entry<"soft">(of_weights<Few::soft>, roles("layer", "direction", "w")),
    entry<"soft_by_formula">(of_weights<Few::soft_by_formula>, roles("layer", "direction", "w")),
    entry<"info">(of_pairs<FewPairs::info>, roles("pairs", "toward")),
    entry<"info_by_formula">(of_pairs<FewPairs::info_by_formula>, roles("pairs", "toward")),
    entry<"large_info">(gradient<ManyPairs::info, ManyPairs::Rows>, roles("large_pairs")),
    entry<"clip">(of_pairs<FewPairs::clip>, roles("pairs", "toward")),
    entry<"clip_by_formula">(of_pairs<FewPairs::clip_by_formula>, roles("pairs", "toward")),
    entry<"large_clip">(gradient<ManyPairs::clip, ManyPairs::Rows>, roles("large_pairs")),
    entry<"siglip">(of_pairs<FewPairs::siglip>, roles("pairs", "toward")),
    entry<"siglip_by_formula">(of_pairs<FewPairs::siglip_by_formula>, roles("pairs", "toward")),
    entry<"large_siglip">(gradient<ManyPairs::siglip, ManyPairs::Rows>, roles("large_pairs")),
    entry<"large_plain">(gradient<Many::plain, Many::Layer, Many::Labels>,
                         roles("large_layer", "large_y")),
    entry<"large_with_all">(gradient<Many::with_all, Many::Layer, Many::Labels, Many::Each>,
                            roles("large_layer", "large_y", "large_w")));

} // namespace
} // namespace kerf::models
