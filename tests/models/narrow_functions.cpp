// Every function of the language that takes or gives floats, of bf16 and f16 beside f32: how far
// the narrow result is from that of the same numbers in f32. tests/models/narrow_functions.py holds
// the names to those of the headers.
#include <kerf/derivatives.h>
#include <kerf/kerf.h>
#include <kerf/nn.h>
#include <kerf/optimizers.h>
#include <kerf/trees.h>

namespace narrow_functions {
using namespace kerf;
using Error = Tensor<f32>;

/// x in f32, if it is narrow.
template <class X> auto in_f32(const X &x) {
  if constexpr (Operand<X>)
    return detail::widened(x);
  else
    return x;
}

/// The largest difference, in units of half a last place of the largest number of f32, over the
/// number of roundings that the function may take; that of other types has to be none.
template <class T, int roundings = 1> Error distance(const auto &narrow, const auto &wide) {
  if constexpr (is_float<element_of<decltype(wide)>>) {
    static_assert(std::is_same_v<element_of<decltype(narrow)>, T>, "its result is of another type");
    let want(wide);
    let off(max(abs(cast<f32>(narrow) - want)));
    return off / (max(abs(want)) * (0.5 * roundings * float(std::numeric_limits<T>::epsilon())));
  } else {
    return 2 * max(cast<f32>(narrow != wide));
  }
}

/// f of narrow numbers beside f of the same in f32; `f` computes what `name` names.
template <Name name, int roundings = 1, class F, class X, class... Rest>
Error check(const F &f, const X &x, const Rest &...rest) {
  using T = element_of<X>;
  return distance<T, roundings>(f(x, rest...), f(in_f32(x), in_f32(rest)...));
}

constexpr Dim N = 6, D = 5, K = 8;
template <class T> struct Inputs {
  Tensor<T, N, D> x, y;
  Tensor<T, K, D> codebook;
  Tensor<T, 2, 4, 6, 8> images; // the channels are a square
  Tensor<T, 2, 2, 9> rows;
  Tensor<T, 4, 4, 3, 3> filters;
  Tensor<T, N, D> share; // in (0, 1)
};
template <class T> Inputs<T> inputs(const Key &key) {
  Inputs<T> in;
  const auto draw = [&]<class U, Shape S>(TensorOf<U, S> &to, int n) {
    to = TensorOf<U, S>(cast<U>(normal_like(fold(key, n), to)));
  };
  draw(in.x, 0), draw(in.y, 1), draw(in.codebook, 2), draw(in.images, 3), draw(in.rows, 4);
  draw(in.filters, 5);
  in.share = Tensor<T, N, D>(cast<T>(0.05 + 0.9 * uniform_like(fold(key, 6), in.share)));
  return in;
}

template <class T> auto elementwise(const Inputs<T> &in) {
  const auto &[x, y, codebook, images, rows, filters, share] = in;
  return std::array{
      check<"abs">([](auto x) { return abs(x); }, x),
      check<"add">([](auto a, auto b) { return add(a, b); }, x, y),
      check<"cast">([](auto x) { return cast<i32>(x); }, x),
      check<"compare">([](auto a, auto b) { return compare<"lt">(a, b); }, x, y),
      check<"cos">([](auto x) { return cos(x); }, x),
      check<"div">([](auto a, auto b) { return div(a, b); }, x, share),
      check<"erf">([](auto x) { return erf(x); }, x),
      check<"erfc">([](auto x) { return erfc(x); }, x),
      check<"exp">([](auto x) { return exp(x); }, x),
      check<"expm1">([](auto x) { return expm1(x); }, x),
      check<"floor">([](auto x) { return floor(x); }, x),
      check<"log">([](auto x) { return log(x); }, share),
      check<"log1p">([](auto x) { return log1p(x); }, share),
      check<"maximum">([](auto a, auto b) { return maximum(a, b); }, x, y),
      check<"minimum">([](auto a, auto b) { return minimum(a, b); }, x, y),
      check<"mul">([](auto a, auto b) { return mul(a, b); }, x, y),
      check<"neg">([](auto x) { return neg(x); }, x),
      check<"pow">([](auto a, auto b) { return pow(a, b); }, share, x),
      check<"round">([](auto x) { return round(x); }, x),
      check<"rsqrt">([](auto x) { return rsqrt(x); }, share),
      check<"select">([](auto a, auto b) { return select(a < b, a, b); }, x, y),
      check<"sign">([](auto x) { return sign(x); }, x),
      check<"sin">([](auto x) { return sin(x); }, x),
      check<"sqrt">([](auto x) { return sqrt(x); }, share),
      check<"sub">([](auto a, auto b) { return sub(a, b); }, x, y),
      check<"square">([](auto x) { return square(x); }, x),
      check<"exp2">([](auto x) { return exp2(x); }, x),
      check<"ceil">([](auto x) { return ceil(x); }, x),
      check<"trunc">([](auto x) { return trunc(x); }, x),
      check<"clamp">([](auto x, auto y) { return clamp(x, -0.5, y); }, x, y),
      check<"full_like">([](auto x) { return full_like<element_of<decltype(x)>>(x, 0.5); }, x),
      check<"sigmoid">([](auto x) { return sigmoid(x); }, x),
      check<"silu">([](auto x) { return silu(x); }, x),
      check<"softplus">([](auto x) { return softplus(x); }, x),
      check<"tanh">([](auto x) { return tanh(x); }, x),
      check<"relu">([](auto x) { return relu(x); }, x),
      check<"log_sigmoid">([](auto x) { return log_sigmoid(x); }, x),
      check<"gelu", 2>([](auto x) { return gelu(x); }, x),
      check<"gelu_erf", 4>([](auto x) { return gelu_erf(x); }, x),
      check<"softmax">([](auto x) { return softmax<0>(x); }, x),
      check<"attention">([](auto x, auto y) { return attention(x, y, x); }, x, in.y),
      check<"attention_parts">([](auto x, auto y) { return attention_parts(x, y, x).output; }, x,
                               in.y),
      check<"log_softmax">([](auto x) { return log_softmax(x); }, x),
      check<"leaky_relu">([](auto x) { return leaky_relu(x); }, x),
      check<"elu", 2>([](auto x) { return elu(x, 0.7); }, x),
      check<"selu", 3>([](auto x) { return selu(x); }, x),
      check<"hardtanh">([](auto x) { return hardtanh(x); }, x),
      check<"relu6">([](auto x) { return relu6(x); }, x),
      check<"hardsigmoid", 3>([](auto x) { return hardsigmoid(x); }, x),
      check<"hardswish", 4>([](auto x) { return hardswish(x); }, x),
      check<"softsign", 2>([](auto x) { return softsign(x); }, x),
      check<"mish", 3>([](auto x) { return mish(x); }, x),
      check<"stop_gradient">([](auto x) { return stop_gradient(x); }, x),
      check<"straight_through">([](auto a, auto b) { return straight_through(a, b); }, x, y)};
}

template <class T> auto along_axes(const Inputs<T> &in) {
  const auto &[x, y, codebook, images, rows, filters, share] = in;
  return std::array{
      check<"argmin">([](auto x) { return argmin<1>(x); }, x),
      check<"argsort">([](auto x) { return argsort<1>(x); }, x),
      check<"cumsum">([](auto x) { return cumsum<1>(x); }, x),
      check<"linear_scan">([](auto a, auto b) { return linear_scan<1>(a, b); }, share, x),
      check<"max">([](auto x) { return max<1>(x); }, x),
      check<"sum">([](auto x) { return sum<1>(x); }, x),
      check<"top_k">([](auto x) { return top_k<3>(x); }, x),
      check<"argmax">([](auto x) { return argmax<1>(x); }, x),
      check<"mean">([](auto x) { return mean<1>(x); }, x),
      check<"min">([](auto x) { return min<1>(x); }, x),
      check<"var">([](auto x) { return var<1>(x); }, x),
      check<"stddev">([](auto x) { return stddev<1>(x); }, x),
      check<"norm">([](auto x) { return norm<1>(x); }, x),
      check<"l1_norm">([](auto x) { return l1_norm<1>(x); }, x),
      check<"max_norm">([](auto x) { return max_norm<1>(x); }, x),
      check<"logsumexp">([](auto x) { return logsumexp<1>(x); }, x),
      check<"largest">([](auto x) { return largest<2>(x).values; }, x),
      check<"sort">([](auto x) { return sort<0>(x).values; }, x),
      check<"cumprod", 5>([](auto x) { return cumprod<1>(x); }, x),
      check<"any">([](auto x) { return any<1>(x > 0); }, x),
      check<"all">([](auto x) { return all<1>(x > 0); }, x),
      check<"searchsorted">([](auto x) { return searchsorted(sort<0>(reshape<30>(x)).values, x); },
                            x),
      check<"cosine_similarity">([](auto a, auto b) { return cosine_similarity(a, b); }, x, y)};
}

template <class T> auto products(const Inputs<T> &in) {
  const auto &[x, y, codebook, images, rows, filters, share] = in;
  return std::array{
      check<"contract">(
          [](auto a, auto b) {
            return contract<Ints::of(), Ints::of(), Ints::of(1), Ints::of(1)>(a, b);
          },
          x, codebook),
      check<"conv">([](auto x, auto w) { return conv<1, 1>(x, w); }, images, filters),
      check<"conv_filter">([](auto x) { return conv_filter<1, 1, 3, 3>(x, x); }, images),
      check<"conv_transpose">([](auto y, auto w) { return conv_transpose<1, 1>(y, w); }, images,
                              filters),
      check<"matmul">([](auto a, auto b) { return matmul(a, transpose_last(b)); }, x, codebook),
      check<"einsum">([](auto a, auto b) { return einsum<"n d, k d -> n k">(a, b); }, x, codebook),
      check<"mean_pool">([](auto x) { return mean_pool<2>(x); }, images),
      check<"max_pool">([](auto x) { return max_pool<2>(x); }, images)};
}

template <class T> auto moves(const Inputs<T> &in, const Tensor<i64, N, D> &places) {
  const auto &[x, y, codebook, images, rows, filters, share] = in;
  let place(places[0][0]);
  return std::array{
      check<"broadcast">([](auto x) { return broadcast<Shape::of(2, N, D), Ints::of(1, 2)>(x); },
                         x),
      check<"concat">([](auto a, auto b) { return concat<0>(a, b); }, x, y),
      check<"pad">([](auto x) { return pad<Ints::of(1, 0), Ints::of(0, 2), Ints::of(0, 1)>(x); },
                   x),
      check<"reshape">([](auto x) { return reshape<D, N>(x); }, x),
      check<"slice">(
          [](auto x) { return slice<Ints::of(1, 0), Shape::of(N, 4), Ints::of(2, 1)>(x); }, x),
      check<"transpose">([](auto x) { return transpose<1, 0>(x); }, x),
      check<"transpose_last">([](auto x) { return transpose_last(x); }, x),
      check<"broadcast_to">([](auto x) { return broadcast_to<2, N, D>(x); }, x),
      check<"take">([](auto x) { return take<1, 1, 3>(x); }, x),
      check<"unsqueeze">([](auto x) { return unsqueeze<1>(x); }, x),
      check<"squeeze">([](auto x) { return squeeze<1>(unsqueeze<1>(x)); }, x),
      check<"flatten">([](auto x) { return flatten<1>(x); }, images),
      check<"stack">([](auto a, auto b) { return stack<1>(a, b); }, x, y),
      check<"split">([](auto x) { return split<0, 2>(x)[1]; }, x),
      check<"flip">([](auto x) { return flip<1>(x); }, x),
      check<"roll">([](auto x) { return roll<1, 2>(x); }, x),
      check<"tile">([](auto x) { return tile<1, 3>(x); }, x),
      check<"repeat_elements">([](auto x) { return repeat_elements<0, 2>(x); }, x),
      check<"tril">([](auto x) { return tril(x); }, x),
      check<"triu">([](auto x) { return triu(x); }, x),
      check<"constant_pad">([](auto x) { return constant_pad<1, 1, 2>(x, 0.5); }, x),
      check<"replicate_pad">([](auto x) { return replicate_pad<1, 1, 2>(x); }, x),
      check<"circular_pad">([](auto x) { return circular_pad<1, 1, 2>(x); }, x),
      check<"reflect_pad">([](auto x) { return reflect_pad<1, 1, 2>(x); }, x),
      check<"unfold">([](auto x) { return unfold<1, 3, 2>(x); }, x),
      check<"resize_nearest">([](auto x) { return resize_nearest<5, 11>(x); }, images),
      check<"resize_bilinear">([](auto x) { return resize_bilinear<5, 11>(x); }, images),
      check<"rearrange">([](auto x) { return rearrange<"b c h w -> b h (w c)">(x); }, images),
      check<"at">([](auto x, auto i) { return at(x, i % 6, i % 5); }, x, places),
      check<"gather">([](auto x, auto i) { return gather(x, i); }, x, places),
      check<"scatter_add">([](auto x, auto i) { return scatter_add<4>(x, i); }, transpose<1, 0>(x),
                           places[0]),
      check<"scatter_add_along">([](auto x, auto i) { return scatter_add_along<1, 7>(x, i); }, x,
                                 places),
      check<"slice_at">([](auto x, auto i) { return slice_at<0, 2>(x, i); }, x, place),
      check<"take_along">([](auto x, auto i) { return take_along<1>(x, i); }, x, places),
      check<"update_at">([](auto x, auto i, auto y) { return update_at<0>(x, i, y); }, x, place,
                         take<0, 0, 2>(y))};
}

template <class T> auto losses(const Inputs<T> &in, const Tensor<i64, N> &labels) {
  const auto &[x, y, codebook, images, rows, filters, share] = in;
  let target(cast<T>(in_f32(share) > 0.5));
  let signs(2 * target - 1);
  let weight(share[0]);
  let scale(1 + share[0][0]);
  return std::array{
      check<"mse">([](auto a, auto b) { return mse(a, b); }, x, y),
      check<"l1_loss">([](auto a, auto b) { return l1_loss(a, b); }, x, y),
      check<"smooth_l1_loss">([](auto a, auto b) { return smooth_l1_loss(a, b); }, x, y),
      check<"huber_loss">([](auto a, auto b) { return huber_loss(a, b); }, x, y),
      check<"binary_cross_entropy">([](auto a, auto b) { return binary_cross_entropy(a, b); },
                                    share, target),
      check<"binary_cross_entropy_with_logits">(
          [](auto a, auto b) { return binary_cross_entropy_with_logits(a, b); }, x, target),
      check<"cross_entropy">([](auto x, auto l) { return cross_entropy(x, l); }, x, labels),
      check<"cross_entropy">(
          [](auto x, auto l, auto w) {
            return cross_entropy(x, l, ignore = 2, option<"label_smoothing"> = 0.1,
                                 option<"weight"> = w);
          },
          x, labels, weight),
      check<"cross_entropy">([](auto x, auto p) { return cross_entropy(x, softmax(p)); }, x, y),
      check<"linear_cross_entropy">(
          [](auto x, auto w, auto l) { return linear_cross_entropy(x, w, l, ignore = 2); }, x, y,
          minimum(labels, 5)),
      check<"nll_loss">([](auto x, auto l) { return nll_loss<1, Reduction::none>(x, l); }, x,
                        labels),
      check<"kl_div">([](auto x, auto t) { return kl_div<Reduction::batch_mean>(x, t); }, x, share),
      check<"gaussian_kl">([](auto m, auto v) { return gaussian_kl(m, v); }, x, y),
      check<"gaussian_kl">([](auto m, auto v, auto n) { return gaussian_kl(m, v, n, m); }, x, y,
                           share),
      check<"gaussian_nll_loss">(
          [](auto m, auto t, auto v) { return gaussian_nll_loss<true>(m, t, v); }, x, y, share),
      check<"hinge_discriminator_loss">(
          [](auto a, auto b) { return hinge_discriminator_loss(a, b); }, x, y),
      check<"hinge_generator_loss">([](auto x) { return hinge_generator_loss(x); }, x),
      check<"hinge_embedding_loss">([](auto x, auto s) { return hinge_embedding_loss(x, s); }, x,
                                    signs),
      check<"margin_ranking_loss">(
          [](auto a, auto b, auto s) { return margin_ranking_loss(a, b, s, 0.1); }, x, y, signs),
      check<"triplet_margin_loss">(
          [](auto a, auto p, auto n) { return triplet_margin_loss(a, p, n); }, x, y, share),
      check<"cosine_embedding_loss">(
          [](auto a, auto b, auto s) { return cosine_embedding_loss(a, b, s); }, x, y,
          squeeze<1>(take<1, 0, 1>(signs))),
      check<"info_nce">([](auto a, auto b) { return info_nce(a, b, 3.0); }, x, y),
      check<"clip_loss">([](auto a, auto b, auto s) { return clip_loss(a, b, s); }, x, y, scale),
      check<"siglip_loss">([](auto a, auto b, auto s) { return siglip_loss(a, b, s, -s); }, x, y,
                           scale)};
}

template <class T> auto quantizers(const Inputs<T> &in, const Key &key) {
  const auto &[x, y, codebook, images, rows, filters, share] = in;
  const auto soft = [&](auto z, auto e) {
    return vq(z, e, estimator = index_backpropagation, kerf::entropy = 0.7,
              orthogonality = all_codes);
  };
  const auto two = [](auto e) {
    return std::array{Tensor<element_of<decltype(e)>, K, D>(e),
                      Tensor<element_of<decltype(e)>, K, D>(0.3 * e)};
  };
  const auto followed = [](auto z, auto e) {
    auto state = ema_state(TensorOf<element_of<decltype(e)>, shape_of<decltype(e)>>(e));
    auto codes = e;
    auto next = TensorOf<element_of<decltype(e)>, shape_of<decltype(e)>>(codes);
    ema_update(next, state, z, vq(z, next).codes);
    return std::pair(next, state);
  };
  return std::array{
      check<"vq">([](auto z, auto e) { return vq(z, e).codes; }, x, codebook),
      check<"vq">([](auto z, auto e) { return vq(z, e).losses.commitment; }, x, codebook),
      check<"vq">([&](auto z, auto e) { return soft(z, e).output; }, x, codebook),
      check<"vq">([&](auto z, auto e) { return soft(z, e).losses.entropy; }, x, codebook),
      check<"vq">([&](auto z, auto e) { return soft(z, e).losses.orthogonality; }, x, codebook),
      check<"vq">(
          [&](auto z, auto e, auto t) {
            return vq(z, e, estimator = gumbel_softmax, temperature = t,
                      kerf::key = Key(fold(key, 11)))
                .output;
          },
          x, codebook, share[0][0]),
      check<"vq">([](auto z, auto e) { return vq(z, e, estimator = rotation_trick).output; }, x,
                  codebook),
      check<"nearest_codes">([](auto z, auto e) { return nearest_codes<3>(z, e); }, x, codebook),
      check<"decode">(
          [](auto z, auto e) { return decode(e, nearest_codes<2>(z, e), metric = cosine); }, x,
          codebook),
      check<"ema_state">(
          [&](auto e) {
            return cast<element_of<decltype(e)>>(
                ema_state(TensorOf<element_of<decltype(e)>, shape_of<decltype(e)>>(e), 3).total);
          },
          codebook),
      check<"ema_update">([&](auto z, auto e) { return followed(z, e).first; }, x, codebook),
      check<"revive">(
          [&](auto z, auto e) {
            auto state =
                ema_state(TensorOf<element_of<decltype(e)>, shape_of<decltype(e)>>(e), 0.5);
            auto next = TensorOf<element_of<decltype(e)>, shape_of<decltype(e)>>(e);
            revive(next, state, z, fold(key, 12));
            return next;
          },
          x, codebook),
      check<"kmeans">([&](auto z) { return kmeans<3, 4>(z, fold(key, 13)).centers; }, x),
      check<"residual_vq">([&](auto z, auto e) { return residual_vq(z, two(e)).codes; }, x,
                           codebook),
      check<"residual_decode", 3>(
          [&](auto z, auto e) { return residual_decode(two(e), residual_vq(z, two(e)).codes); }, x,
          codebook),
      check<"grouped_vq">(
          [&](auto z, auto e) {
            return grouped_vq<0>(z, std::array{TensorOf<element_of<decltype(z)>, Shape::of(D, 3)>(
                                                   transpose<1, 0>(take<0, 0, 3>(e))),
                                               TensorOf<element_of<decltype(z)>, Shape::of(D, 3)>(
                                                   transpose<1, 0>(take<0, 3, 6>(e)))})
                .output;
          },
          x, codebook),
      check<"multi_head_vq">(
          [](auto z, auto e) {
            return multi_head_vq<2, 0>(z, transpose<1, 0>(take<0, 0, 3>(e))).output;
          },
          x, codebook),
      check<"fsq">([](auto z) { return fsq<8, 5, 5, 3, 4>(z).codes; }, x),
      check<"fsq">([](auto z) { return fsq<8, 5, 5, 3, 4>(z).output; }, x),
      check<"lfq">([](auto z) { return lfq(z, kerf::entropy = 0.5).losses.entropy; }, x),
      check<"lfq">([](auto z) { return lfq(z, kerf::entropy = 0.5).losses.diversity; }, x)};
}

/// Layers without parameters; those that have some take f32 and say so.
template <class T> auto layers(const Inputs<T> &in, const Key &key) {
  const auto &[x, y, codebook, images, rows, filters, share] = in;
  return std::array{
      check<"nn::Dropout", 2>(
          [&](auto x) { return nn::Dropout{.p = 0.3}(x, Mode::training, fold(key, 14)); }, x),
      check<"nn::StochasticDepth", 2>(
          [&](auto x) { return nn::StochasticDepth{.p = 0.3}(x, Mode::training, fold(key, 15)); },
          x),
      check<"nn::rotary">([](auto x) { return nn::rotary<6>(x); }, images),
      check<"nn::rotary_at">([](auto x) { return nn::rotary_at<9>(x, Tensor<i64>(2)); }, images),
      check<"nn::of_part">(
          [](auto x) { return nn::of_part<4>(x, [](auto part) { return -part; }); }, images),
      check<"nn::MaxPool1d">([](auto x) { return nn::MaxPool1d<3, 2, 1>()(x); }, rows),
      check<"nn::MaxPool2d">([](auto x) { return nn::MaxPool2d<3, 2, 1>()(x); }, images),
      check<"nn::AvgPool1d">([](auto x) { return nn::AvgPool1d<3, 2, 1, false>()(x); }, rows),
      check<"nn::AvgPool2d">([](auto x) { return nn::AvgPool2d<3, 2, 1>()(x); }, images),
      check<"nn::AdaptiveAvgPool1d">([](auto x) { return nn::AdaptiveAvgPool1d<3>()(x); }, rows),
      check<"nn::AdaptiveAvgPool2d">([](auto x) { return nn::AdaptiveAvgPool2d<2>()(x); }, images),
      check<"nn::AdaptiveMaxPool2d">([](auto x) { return nn::AdaptiveMaxPool2d<2>()(x); }, images),
      check<"nn::MaxPool3d">([](auto x) { return nn::MaxPool3d<2>()(unsqueeze<0>(x)); }, images),
      check<"nn::AvgPool3d">([](auto x) { return nn::AvgPool3d<2>()(unsqueeze<0>(x)); }, images),
      check<"nn::AdaptiveAvgPool3d">(
          [](auto x) { return nn::AdaptiveAvgPool3d<2>()(unsqueeze<0>(x)); }, images),
      check<"nn::Upsample">([](auto x) { return nn::Upsample<2>()(x); }, images),
      check<"nn::Upsample", 3>(
          [](auto x) { return nn::Upsample<2, nn::Interpolation::bilinear>()(x); }, images),
      check<"nn::PixelShuffle">([](auto x) { return nn::PixelShuffle<2>()(x); }, images),
      check<"nn::PixelUnshuffle">([](auto x) { return nn::PixelUnshuffle<2>()(x); }, images)};
}

/// Regions, and derivatives.
template <class T> auto regions(const Inputs<T> &in) {
  const auto &[x, y, codebook, images, rows, filters, share] = in;
  const auto tensor = []<class X>(const X &x) { return TensorOf<element_of<X>, X::shape>(x); };
  const auto f = [](const auto &x) { return let(tanh(x)); };
  return std::array{
      check<"repeat">([](auto x) { return repeat<2>(x, [](auto x) { return -x; }); }, x),
      check<"scan", 6>(
          [](auto a, auto b) {
            return scan<0>(take<0, 0, 1>(b), a,
                           [](auto s, auto x) {
                             let next(s + x);
                             return std::pair(next, next);
                           })
                .outputs;
          },
          x, y),
      check<"while_loop">(
          [](auto x) {
            return while_loop<3>(
                       x, [](auto, auto i) { return i < 2; }, [](auto x) { return -x; })
                .state;
          },
          x),
      check<"checkpoint">([&](auto x) { return checkpoint(f)(x); }, x),
      check<"cond">(
          [](auto x) {
            return cond(sum(in_f32(x)) > 0, [&] { return -x; }, [&] { return x + x; });
          },
          x),
      check<"value_and_grad", 3>(
          [&](auto x) { return value_and_grad([](auto x) { return sum(tanh(x)); })(x).gradients; },
          x),
      check<"jvp", 4>([&](auto x, auto v) { return jvp(f, tensor(v))(x).tangent; }, x, y),
      check<"vjp", 4>([&](auto x, auto v) { return vjp(f, tensor(v))(x).gradients; }, x, y),
      check<"hvp", 8>(
          [&](auto x, auto v) {
            return hvp([](const auto &x) { return sum(sin(x)); }, tensor(v))(x);
          },
          x, y),
      check<"custom_vjp">(
          [&](auto x) { return custom_vjp(f, [](auto, auto, auto dy) { return dy; })(x); }, x)};
}

/// A tree of one parameter.
template <class T> struct Row : Module {
  Param<T, N, D> weight;
};
template <class T> Row<T> row_of(const Tensor<T, N, D> &weight) {
  Row<T> row;
  row.weight = weight;
  return row;
}
template <class X> auto row_of(const X &x) {
  return row_of(TensorOf<element_of<X>, shape_of<X>>(x));
}
template <class T> Tensor<T, N, D> weight_of(const Row<T> &row) { return row.weight; }

/// A step of an optimizer: the parameter is rounded once, and the state is f32's, to the bit.
template <Name name, template <class> class State, class T>
Error check_step(const auto &step, const Inputs<T> &in) {
  const auto run = [&](const auto &x, const auto &slope) {
    auto row = row_of(x);
    auto state = zeros<State<decltype(row)>>();
    step(row, row_of(slope), state);
    return std::pair(row, state);
  };
  const auto [narrow, state] = run(in.x, in.y);
  const auto [wide, want] = run(in_f32(in.x), in_f32(in.y));
  Any unlike = 0;
  const std::vector<Value> values = values_of(state), wanted = values_of(want);
  const std::vector<Leaf> &leaves = leaves_of<std::remove_cvref_t<decltype(state)>>();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Any differs = Any(values[i], leaves[i].type) != Any(wanted[i], leaves[i].type);
    unlike = unlike + sum(Any(differs.emitted(Line::current())).template cast<f32>());
  }
  return distance<T>(weight_of(narrow), weight_of(wide)) +
         Tensor<f32>::from(unlike.emit(Line::current()));
}

template <class T> auto steps(const Inputs<T> &in, const Key &key) {
  const auto &[x, y, codebook, images, rows, filters, share] = in;
  return std::array{
      check_step<"adam_step", Adam>(
          [](auto &row, const auto &g, auto &state) { adam_step(row, g, state, rate = 0.3); }, in),
      check_step<"adamw_step", Adam>(
          [](auto &row, const auto &g, auto &state) { adamw_step(row, g, state, rate = 0.3); }, in),
      check_step<"sgd_step", Sgd>(
          [](auto &row, const auto &g, auto &state) { sgd_step(row, g, state, rate = 0.3); }, in),
      check_step<"rmsprop_step", RmsProp>(
          [](auto &row, const auto &g, auto &state) { rmsprop_step(row, g, state, rate = 0.3); },
          in),
      check_step<"lion_step", Lion>(
          [](auto &row, const auto &g, auto &state) { lion_step(row, g, state, rate = 0.3); }, in),
      check_step<"lamb_step", Adam>(
          [](auto &row, const auto &g, auto &state) { lamb_step(row, g, state, rate = 0.3); }, in),
      check_step<"adafactor_step", Adafactor>(
          [](auto &row, const auto &g, auto &state) {
            adafactor_step(row, g, state, rate = 0.3, option<"epsilon1"> = 1e-4);
          },
          in),
      check<"initialize">(
          [&](auto x) { return initialize<Row<element_of<decltype(x)>>>(fold(key, 16)).weight; },
          x),
      check<"zeros">([](auto x) { return zeros<Row<element_of<decltype(x)>>>().weight + x; }, x),
      check<"tree_map">(
          [](auto x) {
            return weight_of(tree_map([](const Any &x) { return 0.1 * exp(x); }, row_of(x)));
          },
          x),
      check<"tree_reduce">(
          [](auto x) {
            const auto add = [](const Any &total, const Any &x) { return total + sum(exp(x)); };
            return cast<element_of<decltype(x)>>(tree_reduce<f64>(add, 0, row_of(x)));
          },
          x),
      check<"tree_select">(
          [](auto x, auto y) {
            return weight_of(tree_select(Tensor<i1>(true), row_of(x), row_of(y)));
          },
          x, y),
      check<"global_norm">(
          [](auto x) { return cast<element_of<decltype(x)>>(global_norm<f64>(row_of(x))); }, x),
      check<"clip_by_norm">(
          [](auto x) {
            auto row = row_of(x);
            clip_by_norm(row, 0.7);
            return weight_of(row);
          },
          x),
      check<"clip_by_value">(
          [](auto x) {
            auto row = row_of(x);
            clip_by_value(row, 0.7);
            return weight_of(row);
          },
          x),
      check<"average">(
          [](auto x, auto y) {
            using R = decltype(row_of(x));
            Wide<R> averages = widen(row_of(x));
            for (int i = 0; i < 9; ++i)
              average(averages, row_of(y), 0.999);
            return weight_of(narrow<R>(averages));
          },
          x, y),
      check<"widen">(
          [](auto x) { return weight_of(narrow<decltype(row_of(x))>(widen(row_of(x)))); }, x),
      check<"narrow">(
          [](auto x) {
            using R = decltype(row_of(x));
            const auto tripled = tree_map([](const Any &x) { return 3 * x; }, widen(row_of(x)));
            return weight_of(narrow<R>(tripled));
          },
          x),
      check<"accumulate">(
          [](auto x, auto y) {
            using R = decltype(row_of(x));
            Wide<R> total = widen(row_of(x));
            accumulate(total, row_of(y), 1.0 / 3);
            accumulate(total, row_of(y), 1.0 / 3);
            return weight_of(narrow<R>(total));
          },
          x, y),
      check<"unscale">(
          [](auto x) {
            auto row = row_of(x);
            LossScale scale{3.0f, 0};
            const Tensor<i1> finite = unscale(row, scale);
            return select(finite, weight_of(row), 0);
          },
          x)};
}

/// f(type), which gives floats of a type that it is told.
template <Name name, class T> Error check_made(const auto &f) {
  return distance<T>(f(std::type_identity<T>()), f(std::type_identity<f32>()));
}
template <class T> auto made(const Tensor<i64, N> &labels) {
  return std::array{
      check_made<"extent", T>([]<class U>(std::type_identity<U>) { return extent<U, N, D>(); }),
      check_made<"eye", T>([]<class U>(std::type_identity<U>) { return eye<U, N>(); }),
      check_made<"one_hot", T>(
          [&]<class U>(std::type_identity<U>) { return one_hot<5, U>(labels); }),
      check_made<"alibi_slopes", T>(
          []<class U>(std::type_identity<U>) { return alibi_slopes<12, U>(); }),
      check_made<"linspace", T>(
          []<class U>(std::type_identity<U>) { return linspace<U, 9>(-1, 2.5); }),
      check_made<"fsq_decode", T>(
          [&]<class U>(std::type_identity<U>) { return fsq_decode<U, 8, 5, 3>(labels); }),
      check_made<"lfq_decode", T>(
          [&]<class U>(std::type_identity<U>) { return lfq_decode<5, U>(labels); })};
}

constexpr Dim count = 221;
template <class T> auto all(const Key &key, const Tensor<i64, N, D> &places) {
  const Inputs<T> in = inputs<T>(key);
  let labels(places[0][0] + 0 * transpose<1, 0>(places)[0]);
  const auto joined = [](const auto &...parts) { return concat<0>(stack<0>(parts)...); };
  return let(joined(elementwise(in), along_axes(in), products(in), moves(in, places),
                    losses(in, labels), quantizers(in, key), layers(in, key), regions(in),
                    steps(in, key), made<T>(labels)));
}
Tensor<f32, count> in_bf16(const Key &key, const Tensor<i64, N, D> &places) {
  return all<bf16>(key, places);
}
Tensor<f32, count> in_f16(const Key &key, const Tensor<i64, N, D> &places) {
  return all<f16>(key, places);
}

} // namespace narrow_functions

using namespace narrow_functions;
const auto registered = kerf::model<"narrow_functions">(
    entry<"in_bf16">(in_bf16, roles("key", "places")),
    entry<"in_f16">(in_f16, roles("key", "places")), constant("functions", int(count.value)));
