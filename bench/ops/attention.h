// What ./dev bench attention times: attention, and its gradients, as a user writes them.
#pragma once

#include "numbered.h"

#include <cmath>
#include <limits>

namespace kerf::bench {

/// Where query i and key j stand.
template <int N> auto query_place() { return rearrange<"i -> i 1">(arange<N>()); }
template <int M> auto key_place() { return arange<M>(); }

auto hide(const auto &hidden, const auto &scores) {
  return select(hidden, -std::numeric_limits<double>::infinity(), scores);
}

/// A form makes other scores of scores (B, H, N, M); some read a tensor that the call has with it.
template <int B, int H, int N, int M> struct Plain {
  static constexpr Name name = "none";
  static auto form(const auto &scores) { return let(scores); }
};
template <int B, int H, int N, int M> struct Causal {
  static constexpr Name name = "causal";
  static auto form(const auto &scores) {
    return let(hide(key_place<M>() > query_place<N>(), scores));
  }
};
/// A query sees itself and the 255 keys before it.
template <int B, int H, int N, int M> struct Window {
  static constexpr Name name = "window";
  static auto form(const auto &scores) {
    let i = query_place<N>();
    let j = key_place<M>();
    return let(hide(j > i || j <= i - 256, scores));
  }
};
/// Scores fall with the distance, in each head by another slope   [Press 2022]
template <int B, int H, int N, int M> struct Alibi {
  static constexpr Name name = "alibi";
  static constexpr bool learns = false;
  using Capture = Tensor<f32, H>;
  static auto form(const auto &scores, const auto &slopes) {
    let distance = abs(cast<f32>(key_place<M>() - query_place<N>()));
    return let(scores - rearrange<"h -> h 1 1">(slopes) * distance);
  }
};
/// What a distance adds is learned, in each head   [Raffel 2020, 2.1]
template <int B, int H, int N, int M> struct Table {
  static constexpr Name name = "table";
  static constexpr bool learns = true;
  using Capture = Tensor<f32, H, N + M - 1>;
  static auto form(const auto &scores, const auto &table) {
    let bias = gather<1>(table, query_place<N>() - key_place<M>() + (M - 1)); // (H, N, M)
    return let(scores + bias);
  }
};
/// Texts behind each other in a row of the batch: a query sees its own.
template <int B, int H, int N, int M> struct Documents {
  static constexpr Name name = "documents";
  static constexpr bool learns = false;
  using Capture = Tensor<i32, B, N>;
  static auto form(const auto &scores, const auto &documents) {
    let mine = rearrange<"b i -> b 1 i 1">(documents);
    let theirs = rearrange<"b j -> b 1 1 j">(documents);
    return let(hide(mine != theirs, scores));
  }
};

/// softmax(form(q k^T / sqrt(D))) v   [Vaswani 2017, 3.2.1]
template <class F, int D>
auto attend(const auto &q, const auto &k, const auto &v, const auto &...capture) {
  let scores = einsum<"b h i d, b h j d -> b h i j">(q, k) * (1 / std::sqrt(double(D)));
  let weights = softmax<-1>(F::form(scores, capture...));
  let o = einsum<"b h i j, b h j d -> b h i d">(weights, v);
  return o;
}

template <class Q> struct Output {
  Tensor<f32> loss;
  Q o;
};
template <class Q, class K> struct Inputs {
  Q q;
  K k, v;
};
template <class Q, class K, class C> struct InputsAndCapture {
  Q q;
  K k, v;
  C capture;
};
template <class Q, class K> struct Step {
  Q o, dq;
  K dk, dv;
};
template <class Q, class K, class C> struct StepOfCapture {
  Q o, dq;
  K dk, dv;
  C dcapture;
};

/// Value, and with a cotangent of it value and gradients.
template <class F, class Q, class K, int D> struct Alone {
  static constexpr auto names = roles("q", "k", "v");
  static constexpr auto names_of_step = roles("q", "k", "v", "cotangent");

  static Q forward(const Q &q, const K &k, const K &v) { return attend<F, D>(q, k, v); }
  static Step<Q, K> step(const Q &q, const K &k, const K &v, const Q &cotangent) {
    return differentiate(q, k, v, cotangent);
  }
  static Step<Q, K> differentiate(const Q &q, const K &k, const K &v, const Q &cotangent,
                                  const auto &...capture) {
    auto loss = [&](const Inputs<Q, K> &x) {
      let o = attend<F, D>(x.q, x.k, x.v, capture...);
      let loss = sum(o * cotangent);
      return Output<Q>{loss, o};
    };
    auto [value, gradients] = value_and_grad(loss)(Inputs<Q, K>{q, k, v});
    return {value.o, gradients.q, gradients.k, gradients.v};
  }
};

/// The same with a capture, which is constant.
template <class F, class Q, class K, int D> struct Capturing {
  static constexpr auto names = roles("q", "k", "v", "capture");
  static constexpr auto names_of_step = roles("q", "k", "v", "capture", "cotangent");
  using C = typename F::Capture;

  static Q forward(const Q &q, const K &k, const K &v, const C &capture) {
    return attend<F, D>(q, k, v, capture);
  }
  static Step<Q, K> step(const Q &q, const K &k, const K &v, const C &capture, const Q &cotangent) {
    return Alone<F, Q, K, D>::differentiate(q, k, v, cotangent, capture);
  }
};

/// The same with a capture that learns.
template <class F, class Q, class K, int D> struct Learning : Capturing<F, Q, K, D> {
  using C = typename F::Capture;

  static StepOfCapture<Q, K, C> step(const Q &q, const K &k, const K &v, const C &capture,
                                     const Q &cotangent) {
    auto loss = [&](const InputsAndCapture<Q, K, C> &x) {
      let o = attend<F, D>(x.q, x.k, x.v, x.capture);
      let loss = sum(o * cotangent);
      return Output<Q>{loss, o};
    };
    auto [value, gradients] = value_and_grad(loss)(InputsAndCapture<Q, K, C>{q, k, v, capture});
    return {value.o, gradients.q, gradients.k, gradients.v, gradients.capture};
  }
};

template <class F, class Q, class K, int D> auto functions_of() {
  if constexpr (!requires { typename F::Capture; })
    return Alone<F, Q, K, D>();
  else if constexpr (F::learns)
    return Learning<F, Q, K, D>();
  else
    return Capturing<F, Q, K, D>();
}
template <template <int, int, int, int> class Form, int B, int H, int N, int M, int D>
using Functions =
    decltype(functions_of<Form<B, H, N, M>, Tensor<f32, B, H, N, D>, Tensor<f32, B, H, M, D>, D>());

/// "forward_none_8_12_197_197_64": what is computed, the form, and B, H, N, M, D.
template <template <int, int, int, int> class Form, int B, int H, int N, int M, int D>
auto forward_entry() {
  using F = Functions<Form, B, H, N, M, D>;
  constexpr auto name = joined<"forward_", Form<B, H, N, M>::name>;
  return entry<numbered<name, B, H, N, M, D>>(F::forward, F::names, returns("o"));
}
template <template <int, int, int, int> class Form, int B, int H, int N, int M, int D>
auto step_entry() {
  using F = Functions<Form, B, H, N, M, D>;
  constexpr auto name = joined<"step_", Form<B, H, N, M>::name>;
  return entry<numbered<name, B, H, N, M, D>>(F::step, F::names_of_step);
}

} // namespace kerf::bench
