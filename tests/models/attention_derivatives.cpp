// Derivatives of attention written out, of so many keys that it is run by blocks of rows.
#include <kerf/derivatives.h>
#include <kerf/kerf.h>
#include <kerf/nn.h>

namespace {
using namespace kerf;
inline constexpr int batch = 2, heads = 2, length = 1040, features = 4;

template <class T> struct Operands {
  Tensor<T, batch, length, heads, features> q, k, v; // positions before heads
};
template <class T> struct Biased {
  Tensor<T, batch, length, heads, features> q, k, v;
  Tensor<T, heads, length, length> bias;
};

auto scores(const auto &x) {
  return einsum<"b i h d, b j h d -> b h i j">(x.q, x.k) / std::sqrt(double(features));
}
auto weighed(const auto &scores, const auto &v) {
  return einsum<"b h i j, b j h d -> b i h d">(softmax<3>(scores), v);
}

/// Of no key behind the query's own.
inline constexpr auto causal = [](const auto &x) {
  let s = select(nn::causal_mask<length>(), -std::numeric_limits<double>::infinity(), scores(x));
  return weighed(s, x.v);
};
inline constexpr auto biased = [](const auto &x) { return weighed(scores(x) + x.bias, x.v); };

template <auto attend, class X> struct Derivatives {
  static auto value(const X &x) { return attend(x); }
  static auto loss(const X &x) { return sum(square(attend(x))); }
  static X gradient(const X &x) {
    return value_and_grad([](const X &x) { return loss(x); })(x).gradients;
  }
  static auto along(const X &x, const X &u) {
    return jvp([](const X &x) { return value(x); }, u)(x).tangent;
  }
  static X curved(const X &x, const X &u) {
    return hvp([](const X &x) { return loss(x); }, u)(x);
  }
};
template <class T> using Causal = Derivatives<causal, Operands<T>>;
template <class T> using WithBias = Derivatives<biased, Biased<T>>;

const auto registered = model<"attention_derivatives">(
    entry<"causal">(Causal<f32>::value, roles("x")),
    entry<"causal_gradient">(Causal<f32>::gradient, roles("x")),
    entry<"causal_along">(Causal<f32>::along, roles("x", "u")),
    entry<"causal_curved">(Causal<f32>::curved, roles("x", "u")),
    entry<"causal_f64">(Causal<f64>::value, roles("x64")),
    entry<"causal_gradient_f64">(Causal<f64>::gradient, roles("x64")),
    entry<"causal_along_f64">(Causal<f64>::along, roles("x64", "u64")),
    entry<"causal_curved_f64">(Causal<f64>::curved, roles("x64", "u64")),
    entry<"biased">(WithBias<f32>::value, roles("x_bias")),
    entry<"biased_gradient">(WithBias<f32>::gradient, roles("x_bias")),
    entry<"biased_along">(WithBias<f32>::along, roles("x_bias", "u_bias")),
    entry<"biased_curved">(WithBias<f32>::curved, roles("x_bias", "u_bias")));
} // namespace
