// What is done to queries and keys before attention: positions that turn them, beside products with
// matrices of rotations that plain loops make, and norms.
#include "tests/models/attention_forms.h"

#include <kerf/nn.h>

#include <cmath>

namespace attention_forms {
namespace {

/// A form whose queries and keys are `Form::before(x.q or x.k)`, by formula `Form::turned`, of
/// which the index says whether they are queries, 0, or keys, 1.
template <class Form, class Size> struct Before {
  using S = Size;
  static Values<S> attend(const Inputs<S> &x, const Data<S> &data) {
    return values<S>(attention_parts(Form::before(x.q, data, 0), Form::before(x.k, data, 1), x.v,
                                     scale = 0.5, mask = masks::causal));
  }
  static Values<S> formula(const Inputs<S> &x, const Data<S> &data) {
    struct {
      decltype(Form::turned(x.q, data, 0)) q;
      decltype(Form::turned(x.k, data, 1)) k;
      decltype(x.v) v;
    } y{Form::turned(x.q, data, 0), Form::turned(x.k, data, 1), x.v};
    return Literal<S>()(y, ones_where<S>([](int i, int j) { return j <= i; }));
  }
};

/// Angles as pairs of features are turned by, and the features of each pair.
struct Pair {
  int first, second;
  double angle;
};
/// The matrix of each place, of pairs that a function gives.   -> (places, D, D)
template <int places, int D, class F> auto rotations(const F &pair) {
  std::array<std::array<std::array<float, D>, D>, places> all{};
  for (int t = 0; t < places; ++t) {
    for (int d = 0; d < D; ++d)
      all[t][d][d] = 1;
    for (int n = 0; n < D / 2; ++n) {
      const Pair p = pair(t, n);
      if (p.first < 0)
        continue;
      all[t][p.first][p.first] = all[t][p.second][p.second] = float(std::cos(p.angle));
      all[t][p.second][p.first] = float(std::sin(p.angle));
      all[t][p.first][p.second] = -float(std::sin(p.angle));
    }
  }
  return TensorOf<f32, Shape::of(places, D, D)>(all);
}
auto times(const auto &matrices, const auto &x) {
  return einsum<"t e d, b h t d -> b h t e">(matrices, x);
}
template <class X> constexpr int places_of = int(shape_of<X>[2].value);

struct Rotary : Before<Rotary, Usual> {
  template <class X> static auto before(const X &x, const auto &, int) {
    return nn::rotary<places_of<X>>(x);
  }
  template <class X> static auto turned(const X &x, const auto &, int) {
    return times(rotations<places_of<X>, 4>([](int t, int n) {
                   return Pair{2 * n, 2 * n + 1, t * std::pow(10000, -n / 2.0)};
                 }),
                 x);
  }
};
struct RotaryOfHalves : Before<RotaryOfHalves, Usual> {
  template <class X> static auto before(const X &x, const auto &, int) {
    return nn::rotary<nn::Pairs::halves, places_of<X>>(x, 100);
  }
  template <class X> static auto turned(const X &x, const auto &, int) {
    return times(rotations<places_of<X>, 4>(
                     [](int t, int n) { return Pair{n, n + 2, t * std::pow(100, -n / 2.0)}; }),
                 x);
  }
};
struct RotaryOfPart : Before<RotaryOfPart, Usual> {
  template <class X> static auto before(const X &x, const auto &, int) {
    return nn::of_part<2>(x, [](const auto &part) { return nn::rotary<places_of<X>>(part); });
  }
  template <class X> static auto turned(const X &x, const auto &, int) {
    return times(rotations<places_of<X>, 4>(
                     [](int t, int n) { return n == 0 ? Pair{0, 1, double(t)} : Pair{-1, -1, 0}; }),
                 x);
  }
};
/// Queries begin at the third place.
struct RotaryFrom : Before<RotaryFrom, Usual> {
  template <class X> static auto before(const X &x, const auto &, int is_key) {
    return nn::rotary_at<16>(x, Tensor<i64>(is_key ? 0 : 3));
  }
  template <class X> static auto turned(const X &x, const auto &, int is_key) {
    return times(rotations<places_of<X>, 4>([=](int t, int n) {
                   return Pair{2 * n, 2 * n + 1,
                               (t + (is_key ? 0 : 3)) * std::pow(10000, -n / 2.0)};
                 }),
                 x);
  }
};
/// Each example has places of its own, the numbers of its data from 0 to 8; others are the nearest.
struct RotaryAt : Before<RotaryAt, Usual> {
  static auto places(const auto &data, const auto &x) {
    if constexpr (places_of<decltype(x)> == Usual::M)
      return data.queries;
    else
      return data.keys;
  }
  template <class X> static auto before(const X &x, const auto &data, int) {
    return nn::rotary_at<nn::Pairs::halves, 9>(x, places(data, x));
  }
  template <class X> static auto turned(const X &x, const auto &data, int) {
    let matrices =
        rotations<9, 4>([](int t, int n) { return Pair{n, n + 2, t * std::pow(10000, -n / 2.0)}; });
    let which = one_hot<9>(maximum(places(data, x), 0)); // (B, T, 9)
    return einsum<"b t e d, b h t d -> b h t e">(einsum<"b t p, p e d -> b t e d">(which, matrices),
                                                 x);
  }
};
using Patch = Sizes<"patch", 2, 2, 6, 6>;
struct Rotary2d : Before<Rotary2d, Patch> {
  static auto before(const auto &x, const auto &, int) { return nn::rotary<2, 3>(x); }
  static auto turned(const auto &x, const auto &, int) {
    return times(rotations<6, 4>([](int t, int n) {
                   return Pair{2 * n, 2 * n + 1, double(n == 0 ? t / 3 : t % 3)};
                 }),
                 x);
  }
};
using Video = Sizes<"video", 2, 2, 12, 12>;
struct Rotary3d : Before<Rotary3d, Video> {
  static auto six(const auto &x) { return concat<3>(x, take<3, 0, 2>(x)); } // features
  static auto before(const auto &x, const auto &, int) { return nn::rotary<2, 2, 3>(six(x)); }
  static auto turned(const auto &x, const auto &, int) {
    return times(rotations<12, 6>([](int t, int n) {
                   const int at[] = {t / 6, t / 3 % 2, t % 3};
                   return Pair{2 * n, 2 * n + 1, double(at[n])};
                 }),
                 six(x));
  }
};

/// A norm of queries and keys without parameters, and with one of each feature.
struct RmsNorm : Before<RmsNorm, Usual> {
  static auto before(const auto &x, const auto &, int) { return nn::RMSNorm<4, false>()(x); }
  static auto turned(const auto &x, const auto &, int) {
    return x / sqrt(sum<3, keep>(x * x) / 4 + 0x1p-23);
  }
};
struct LayerNorm : Before<LayerNorm, Usual> {
  static auto before(const auto &x, const auto &, int) { return nn::LayerNorm<4, false>()(x); }
  static auto turned(const auto &x, const auto &, int) {
    let off = x - 0.25 * sum<3, keep>(x);
    return off / sqrt(sum<3, keep>(off * off) / 4 + 1e-5);
  }
};

const auto registered = model<"attention_position_forms">(
    form<"rotary", Rotary>(), formula<"rotary", Rotary>(),
    form<"rotary_of_halves", RotaryOfHalves>(), formula<"rotary_of_halves", RotaryOfHalves>(),
    form<"rotary_of_part", RotaryOfPart>(), formula<"rotary_of_part", RotaryOfPart>(),
    form<"rotary_from", RotaryFrom>(), formula<"rotary_from", RotaryFrom>(),
    form<"rotary_at", RotaryAt>(), formula<"rotary_at", RotaryAt>(), form<"rotary2d", Rotary2d>(),
    formula<"rotary2d", Rotary2d>(), form<"rotary3d", Rotary3d>(), formula<"rotary3d", Rotary3d>(),
    form<"rms_norm", RmsNorm>(), formula<"rms_norm", RmsNorm>(), form<"layer_norm", LayerNorm>(),
    formula<"layer_norm", LayerNorm>());

} // namespace
} // namespace attention_forms
