// A form of attention beside its literal formula: values, gradients, gradients of gradients and
// derivatives along a direction come out of both.
#pragma once

#include <kerf/derivatives.h>
#include <kerf/kerf.h>

namespace attention_forms {
using namespace kerf;

constexpr int examples = 2, features = 4, value_features = 3;

/// How large a form is; `keys_heads` divide the heads.
template <Name size, int heads, int keys_heads, int queries, int keys> struct Sizes {
  static constexpr Name name = size;
  static constexpr int H = heads, G = keys_heads, M = queries, N = keys;
};
using Usual = Sizes<"usual", 4, 4, 6, 7>;

/// What a form is differentiated in: beside queries, keys and values two tensors to capture.
template <class S> struct Inputs {
  TensorOf<f32, Shape::of(examples, S::H, S::M, features)> q;
  TensorOf<f32, Shape::of(examples, S::G, S::N, features)> k;
  TensorOf<f32, Shape::of(examples, S::G, S::N, value_features)> v;
  TensorOf<f32, Shape::of(S::H, S::M + S::N - 1)> table;
  TensorOf<f32, Shape::of(S::H, S::M, S::N)> bias;
};

/// What masks read: numbers in [-8, 8], of which documents take the remainder by 3.
template <class S> struct Data {
  TensorOf<i64, Shape::of(examples, S::M)> queries;
  TensorOf<i64, Shape::of(examples, S::N)> keys;
  Tensor<i64, examples> lengths;
  TensorOf<i1, Shape::of(examples, 1, S::M, S::N)> seen;
  Key key;
};

template <class S> struct Values {
  TensorOf<f32, Shape::of(examples, S::H, S::M, value_features)> output;
  TensorOf<f32, Shape::of(examples, S::H, S::M)> lse;
  TensorOf<f32, Shape::of(examples, S::H, S::M, S::N)> weights;
};

/// Numbers that make the derivatives see every element.
template <class S> struct Probes {
  Values<S> of_values;
  Inputs<S> of_inputs;
};

template <class S> struct Report {
  Values<S> value;
  Inputs<S> first, second;
  TensorOf<f32, Shape::of(examples, S::H, S::M, value_features)> along;
};

// ---- pieces of the formulas ------------------------------------------------------------------

/// 1 where f(i, j), else 0, by plain loops.
template <class S, class F> auto ones_where(const F &f) {
  std::array<std::array<float, S::N>, S::M> table{};
  for (int i = 0; i < S::M; ++i)
    for (int j = 0; j < S::N; ++j)
      table[i][j] = f(i, j) ? 1 : 0;
  return TensorOf<f32, Shape::of(S::M, S::N)>(table);
}
/// A number of each pair of places.
template <class S, class F> auto numbers(const F &f) {
  std::array<std::array<float, S::N>, S::M> table{};
  for (int i = 0; i < S::M; ++i)
    for (int j = 0; j < S::N; ++j)
      table[i][j] = float(f(i, j));
  return TensorOf<f32, Shape::of(S::M, S::N)>(table);
}
/// table[h, place(i, j)], as a product with ones.   table : (H, rows) -> (H, M, N)
template <class S, class F> auto picked(const auto &table, const F &place) {
  constexpr int rows = int(shape_of<decltype(table)>[1].value);
  std::array<std::array<std::array<float, rows>, S::N>, S::M> ones{};
  for (int i = 0; i < S::M; ++i)
    for (int j = 0; j < S::N; ++j)
      ones[i][j][place(i, j)] = 1;
  const TensorOf<f32, Shape::of(S::M, S::N, rows)> all(ones);
  return einsum<"h r, i j r -> h i j">(table, all);
}
/// 1 where the numbers are the same.   (B, M), (B, N) -> (B, 1, M, N)
template <class S> auto same(const auto &queries, const auto &keys) {
  return einsum<"b i r, b j r -> b i j">(one_hot<3>(queries % 3), one_hot<3>(keys % 3));
}
/// (M, N) or (B, M, N), for all heads.
auto for_all(const auto &x) {
  if constexpr (shape_of<decltype(x)>.rank == 3)
    return rearrange<"b i j -> b 1 i j">(x);
  else
    return x;
}

/// Heads of keys or values, each as often as there are queries' heads to it.
template <int heads> auto per_head(const auto &x) {
  constexpr int times = heads / int(shape_of<decltype(x)>[1].value);
  if constexpr (times == 1)
    return x;
  else
    return rearrange<"b h r n d -> b (h r) n d">(
        broadcast_to<examples, Dim(heads / times), times, shape_of<decltype(x)>[2],
                     shape_of<decltype(x)>[3]>(rearrange<"b h n d -> b h 1 n d">(x)));
}

/// sum of seen exp(s) v over sum of seen exp(s), s = score(scale q.k): no maximum, no -inf, sums of
/// products written out.
template <class S> struct Literal {
  double scale = 1 / 2.0; // 1 / sqrt(features)

  Values<S> operator()(const auto &x, const auto &seen, const auto &score) const {
    let k = per_head<S::H>(x.k);
    let v = per_head<S::H>(x.v);
    let products = rearrange<"b h i d -> b h i 1 d">(x.q) * rearrange<"b h j d -> b h 1 j d">(k);
    let s = score(scale * sum<4>(products));
    let e = for_all(seen) * exp(s); // (B, H, M, N)
    let total = sum<3, keep>(e);
    let weights = e / select(total == 0, 1, total);
    let mixed = rearrange<"b h i j -> b h i j 1">(weights) * rearrange<"b h j e -> b h 1 j e">(v);
    return {sum<3>(mixed), rearrange<"b h i 1 -> b h i">(log(total)), weights};
  }
  Values<S> operator()(const auto &x, const auto &seen) const {
    return (*this)(x, seen, [](const auto &s) { return s; });
  }
};

// ---- derivatives -----------------------------------------------------------------------------

template <class S> Values<S> values(const auto &parts) {
  return {parts.output, parts.lse, parts.weights};
}

/// The sum of squares, each so often as the probe says.
template <class Tree> auto probed(const Tree &probe, const Tree &x) {
  return sum(probe.q * square(x.q)) + sum(probe.k * square(x.k)) + sum(probe.v * square(x.v)) +
         sum(probe.table * square(x.table)) + sum(probe.bias * square(x.bias));
}

/// f, the gradient of a loss of all that it gives, the gradient of a loss that squares this one,
/// and the derivative of its output along the probes.
template <class S, class F>
Report<S> report(const F &f, const Inputs<S> &x, const Data<S> &data, const Probes<S> &probes) {
  const auto loss = [=](const Inputs<S> &x) {
    const Values<S> y = f(x, data);
    let of_rows = select(y.lse > -1e30, y.lse, 0);
    let loss = sum(probes.of_values.output * square(y.output)) +
               sum(probes.of_values.lse * square(of_rows)) +
               sum(probes.of_values.weights * y.weights);
    return loss;
  };
  const auto loss_of_first = [=](const Inputs<S> &x) {
    auto [value, first] = value_and_grad(loss)(x);
    let loss = probed(probes.of_inputs, first);
    return loss;
  };
  auto [value, first] = value_and_grad(loss)(x);
  auto [value_of_first, second] = value_and_grad(loss_of_first)(x);
  const auto output = [=](const Inputs<S> &x) { return f(x, data).output; };
  auto [y, along] = jvp(output, probes.of_inputs)(x);
  return {f(x, data), first, second, along};
}

template <class Form, class S = typename Form::S>
Report<S> by_attention(const Inputs<S> &x, const Data<S> &data, const Probes<S> &probes) {
  return report<S>([](const auto &x, const auto &data) { return Form::attend(x, data); }, x, data,
                   probes);
}
template <class Form, class S = typename Form::S>
Report<S> by_formula(const Inputs<S> &x, const Data<S> &data, const Probes<S> &probes) {
  return report<S>([](const auto &x, const auto &data) { return Form::formula(x, data); }, x, data,
                   probes);
}

/// Two names in one.
template <std::size_t N, std::size_t M>
constexpr auto joined(const Name<N> &first, const Name<M> &then) {
  char whole[N + M - 1]{};
  for (std::size_t i = 0; i + 1 < N; ++i)
    whole[i] = first.characters[i];
  for (std::size_t i = 0; i < M; ++i)
    whole[N - 1 + i] = then.characters[i];
  return Name(whole);
}
template <Name first, Name then> constexpr Name both_names = joined(first, then);

/// The arguments of a form: blocks of one name have equal leaves.
template <class S> auto roles_of() {
  return roles(both_names<"x_", S::name>.characters, both_names<"data_", S::name>.characters,
               both_names<"probes_", S::name>.characters);
}

/// The entries of a form and of its formula.
template <Name name, class Form, class S = typename Form::S> auto form() {
  return entry<name>(by_attention<Form, S>, roles_of<S>());
}
template <Name name, class Form, class S = typename Form::S> auto formula() {
  return entry<both_names<name, "_by_formula">>(by_formula<Form, S>, roles_of<S>());
}

} // namespace attention_forms
