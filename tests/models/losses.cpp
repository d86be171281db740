// Every loss, its value and its slopes: what tests/parity/golden_losses.py has PyTorch make too.
#include <kerf/kerf.h>

namespace losses {
using namespace kerf;
inline constexpr auto B = dim<"B">();
using Rows = Tensor<f32, B, 5>;
using Each = Tensor<f32, B>;

/// A loss and its slopes in a and b, or in a, b and c.
template <class A> struct OfTwo {
  Tensor<f32> loss;
  A da, db;
};
template <class A> struct OfThree {
  Tensor<f32> loss;
  A da, db, dc;
};
template <class A> struct Two {
  A a, b;
};
template <class A> struct Three {
  A a, b, c;
};

template <auto f, class A = Rows> OfTwo<A> of_two(const A &a, const A &b) {
  const auto loss = [](const Two<A> &x) -> Tensor<f32> { return f(x.a, x.b); };
  auto [value, slopes] = value_and_grad(loss)(Two<A>{a, b});
  return {value, slopes.a, slopes.b};
}
template <auto f, class A = Rows> OfThree<A> of_three(const A &a, const A &b, const A &c) {
  const auto loss = [](const Three<A> &x) -> Tensor<f32> { return f(x.a, x.b, x.c); };
  auto [value, slopes] = value_and_grad(loss)(Three<A>{a, b, c});
  return {value, slopes.a, slopes.b, slopes.c};
}
/// y is of signs, constants.
template <auto f, class A, class Y> OfTwo<A> of_signs(const A &a, const A &b, const Y &y) {
  const auto loss = [](const Two<A> &x, const Y &y) -> Tensor<f32> { return f(x.a, x.b, y); };
  auto [value, slopes] = value_and_grad(loss)(Two<A>{a, b}, y);
  return {value, slopes.a, slopes.b};
}

using Maps = Tensor<f32, B, 4, 3>; // classes on axis 1
using Labels = Tensor<i64, B, 3>;
struct OfLabels {
  Tensor<f32> loss;
  Maps da;
};
/// y is of classes; weights are numbers.
template <auto f> OfLabels of_labels(const Maps &a, const Labels &y, const Tensor<f32, 4> &w) {
  const auto loss = [&](const Maps &a) -> Tensor<f32> { return f(a, y, w); };
  auto [value, da] = value_and_grad(loss)(a);
  return {value, da};
}

/// Of `f`, a loss of residuals r = max(b, 0), 0 where b is negative: a f'(r), whose slope in a is
/// f'(r) and its slope f''(r) in one, and in b it is f''(r) a.
template <auto f> Tensor<f32> of_slopes(const Rows &a, const Rows &b) {
  const auto loss = [](const Rows &x) -> Tensor<f32> { return f(x); };
  let x = relu(b) + (a - stop_gradient(a));
  return sum(a * value_and_grad(loss)(x).gradients);
}

const auto registered = model<"losses">(
    entry<"mse">(of_two<[](const Rows &a, const Rows &b) { return mse(a, b); }>, roles("a", "b"),
                 bind(B, 3)),
    entry<"l1">(of_two<[](const Rows &a, const Rows &b) { return l1_loss<Reduction::sum>(a, b); }>,
                roles("a", "b"), bind(B, 3)),
    entry<"smooth_l1">(
        of_two<[](const Rows &a, const Rows &b) { return smooth_l1_loss(a, b, 0.5); }>,
        roles("a", "b"), bind(B, 3)),
    entry<"huber">(of_two<[](const Rows &a, const Rows &b) { return huber_loss(a, b, 1.5); }>,
                   roles("a", "b"), bind(B, 3)),
    entry<"smooth_l1_curves">(
        of_two<
            of_slopes<[](const Rows &x) { return smooth_l1_loss<Reduction::sum>(x, 0 * x, 0.5); }>>,
        roles("a", "b"), bind(B, 3)),
    entry<"huber_curves">(
        of_two<of_slopes<[](const Rows &x) { return huber_loss<Reduction::sum>(x, 0 * x); }>>,
        roles("a", "b"), bind(B, 3)),
    entry<"bce">(of_two<[](const Rows &a, const Rows &b) { return binary_cross_entropy(a, b); }>,
                 roles("p", "t"), bind(B, 3)),
    entry<"bce_with_logits">(
        of_two<[](const Rows &a, const Rows &b) { return binary_cross_entropy_with_logits(a, b); }>,
        roles("a", "t"), bind(B, 3)),
    entry<"kl_div">(
        of_two<[](const Rows &a, const Rows &b) { return kl_div<Reduction::batch_mean>(a, b); }>,
        roles("a", "t"), bind(B, 3)),
    entry<"gaussian_kl">(
        of_two<[](const Rows &a, const Rows &b) { return gaussian_kl<Reduction::mean>(a, b); }>,
        roles("a", "b"), bind(B, 3)),
    entry<"gaussian_kl_of_two">(of_three<[](const Rows &a, const Rows &b, const Rows &c) {
                                  return gaussian_kl(a, b, c, 0.5 * c);
                                }>,
                                roles("a", "b", "c"), bind(B, 3)),
    entry<"gaussian_nll">(of_three<[](const Rows &a, const Rows &b, const Rows &c) {
                            return gaussian_nll_loss<true>(a, b, c, 0.3);
                          }>,
                          roles("a", "b", "c"), bind(B, 3)),
    entry<"hinge_discriminator">(
        of_two<[](const Rows &a, const Rows &b) { return hinge_discriminator_loss(a, b); }>,
        roles("a", "b"), bind(B, 3)),
    entry<"hinge_generator">(
        of_two<[](const Rows &a, const Rows &b) { return hinge_generator_loss(a * b); }>,
        roles("a", "b"), bind(B, 3)),
    entry<"hinge_embedding">(of_signs<[](const Rows &a, const Rows &b, const Rows &y) {
                               return hinge_embedding_loss(a * b, y, 0.5);
                             },
                                      Rows, Rows>,
                             roles("a", "b", "y"), bind(B, 3)),
    entry<"margin_ranking">(of_signs<[](const Rows &a, const Rows &b, const Rows &y) {
                              return margin_ranking_loss(a, b, y, 0.5);
                            },
                                     Rows, Rows>,
                            roles("a", "b", "y"), bind(B, 3)),
    entry<"triplet_margin">(of_three<[](const Rows &a, const Rows &b, const Rows &c) {
                              return triplet_margin_loss(a, b, c, 0.7);
                            }>,
                            roles("a", "b", "c"), bind(B, 3)),
    entry<"cosine_similarity">(
        of_two<[](const Rows &a, const Rows &b) { return sum(cosine_similarity(a, b)); }>,
        roles("a", "b"), bind(B, 3)),
    entry<"cosine_embedding">(of_signs<[](const Rows &a, const Rows &b, const Each &y) {
                                return cosine_embedding_loss(a, b, y, 0.1);
                              },
                                       Rows, Each>,
                              roles("a", "b", "y"), bind(B, 3)),
    entry<"info_nce">(of_two<[](const Rows &a, const Rows &b) { return info_nce(a, b, 2.0); }>,
                      roles("a", "b"), bind(B, 3)),
    entry<"clip">(of_two<[](const Rows &a, const Rows &b) { return clip_loss(a, b, mean(a)); }>,
                  roles("a", "b"), bind(B, 3)),
    entry<"siglip">(
        of_two<[](const Rows &a, const Rows &b) { return siglip_loss(a, b, 1.5, sum(b)); }>,
        roles("a", "b"), bind(B, 3)),
    entry<"cross_entropy">(
        of_labels<[](const Maps &a, const Labels &y, const auto &) { return cross_entropy(a, y); }>,
        roles("a", "y", "w"), bind(B, 3)),
    entry<"cross_entropy_with_all">(
        of_labels<[](const Maps &a, const Labels &y, const Tensor<f32, 4> &w) {
          return cross_entropy<-1>(rearrange<"b k d -> b d k">(a), y, ignore = 2,
                                   option<"label_smoothing"> = 0.1, option<"weight"> = w);
        }>,
        roles("a", "y", "w"), bind(B, 3)),
    entry<"cross_entropy_smoothed">(of_labels<[](const Maps &a, const Labels &y, const auto &) {
                                      return cross_entropy(a, y, option<"label_smoothing"> = 0.2,
                                                           ignore = 1);
                                    }>,
                                    roles("a", "y", "w"), bind(B, 3)),
    entry<"cross_entropy_of_each">(of_labels<[](const Maps &a, const Labels &y, const auto &) {
                                     return sum(square(
                                         cross_entropy<1, Reduction::none>(a, y, ignore = 0)));
                                   }>,
                                   roles("a", "y", "w"), bind(B, 3)),
    entry<"cross_entropy_soft">(
        of_labels<[](const Maps &a, const Labels &, const Tensor<f32, 4> &w) {
          return cross_entropy(a, softmax<1>(2 * stop_gradient(a)), option<"label_smoothing"> = 0.1,
                               option<"weight"> = w);
        }>,
        roles("a", "y", "w"), bind(B, 3)),
    entry<"linear_cross_entropy">(
        of_signs<[](const Rows &a, const Rows &b, const Tensor<i64, B> &y) {
          return linear_cross_entropy(a, b, y, option<"label_smoothing"> = 0.1, ignore = 1);
        },
                 Rows, Tensor<i64, B>>,
        roles("a", "b", "y"), bind(B, 3)),
    entry<"nll">(of_labels<[](const Maps &a, const Labels &y, const Tensor<f32, 4> &w) {
                   return nll_loss(a, y, option<"weight"> = w);
                 }>,
                 roles("a", "y", "w"), bind(B, 3)));
} // namespace losses
