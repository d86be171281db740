// Functions made of ops, each on small tensors: their values beside PyTorch's, their derivatives.
#include <kerf/kerf.h>

namespace derived {
using namespace kerf;
namespace {

constexpr auto B = dim<"B">();
using X = Tensor<f32, B, 3, 4>;

/// What a function gives, and the gradient of the sum of all its squares in x.
template <class Values> struct Sloped {
  Values values;
  X dx;
};
template <class Values> Sloped<Values> sloped(const auto &f, const X &x) {
  auto loss = [&](const X &x) {
    const Values values = f(x);
    return with_fields(values, [](const auto &...field) { return (sum(square(field)) + ...); });
  };
  return {f(x), value_and_grad(loss)(x).gradients};
}

struct Reductions {
  Tensor<f32, B, 4> min, var, stddev, norm, logsumexp;
  Tensor<f32> var_of_all, logsumexp_of_all;
  Tensor<f32, B, 1, 4> l1_norm, max_norm;
};
Sloped<Reductions> reductions(const X &x) {
  return sloped<Reductions>(
      [](const X &x) -> Reductions {
        return {min<1>(x), var<1>(x),    stddev<1>(x, 0),     norm<1>(x),          logsumexp<1>(x),
                var(x),    logsumexp(x), l1_norm<1, keep>(x), max_norm<1, keep>(x)};
      },
      x);
}

struct Flat {
  Tensor<f32, B, 4> stddev, norm;
  Tensor<f32> stddev_of_all;
};
/// Where roots have no slope.
Sloped<Flat> flat(const X &x) {
  return sloped<Flat>(
      [](const X &x) -> Flat {
        let none = x - stop_gradient(x);
        return {stddev<1>(none), norm<1>(none), stddev(none)};
      },
      x);
}

struct Activations {
  X relu, leaky_relu, elu, selu, relu6, hardtanh, hardsigmoid, hardswish, softsign, mish;
  X sigmoid, log_sigmoid, tanh, silu, softplus, gelu, gelu_erf, softmax, log_softmax;
};
Sloped<Activations> activations(const X &x) {
  return sloped<Activations>(
      [](const X &x) -> Activations {
        return {relu(x),        leaky_relu(x), elu(x, 0.5),
                selu(x),        relu6(3 * x),  hardtanh(x, -0.5, 0.75),
                hardsigmoid(x), hardswish(x),  softsign(x),
                mish(x),        sigmoid(x),    log_sigmoid(x),
                tanh(x),        silu(x),       softplus(x),
                gelu(x),        gelu_erf(x),   softmax<1>(x),
                log_softmax(x)};
      },
      x);
}

struct Joined {
  Tensor<f32, 5, B, 3, 4> stacked;
  Tensor<f32, 2, B, 3, 4> of_array;
  Tensor<f32, B, 15, 4> joined;
  X second;
  Tensor<f32, B, 3, 1> head;
  Tensor<f32, B, 3, 3> tail;
  Tensor<f32, B, 12> flat;
  Tensor<f32, 3, 4> first, at, last;
};
Sloped<Joined> joined(const X &x, const Tensor<i64> &i) {
  return sloped<Joined>(
      [&](const X &x) -> Joined {
        const std::array<X, 2> both = {x, X(x * 2)};
        auto [ahead, behind] = split<-1, 1, 3>(x);
        auto parts = split<1, 5>(concat<1>(x, -x, x, x + 1, x));
        return {stack<0>(x, -x, x + 1, x + 2, x + 3),
                stack<0>(both),
                concat<1>(concat<1>(both), x, -x, x),
                parts[1],
                ahead,
                behind,
                flatten<1>(x),
                x[0],
                x[i],
                x[-1]};
      },
      x);
}

struct Moved {
  Tensor<f32, B, 3, 4> flipped, rolled, rolled_back, lower, upper;
  Tensor<f32, B, 6, 12> tiled;
  Tensor<f32, B, 3, 8> repeated;
  Tensor<f32, B, 3, 7> constant, replicated, circular, reflected;
  Tensor<f32, B, 3, 2, 2> windows;
  Tensor<f32, B, 5, 9> nearest, bilinear;
  Tensor<f32, B, 2, 2> smaller;
  Tensor<f32, 5> steps;
};
Sloped<Moved> moved(const X &x) {
  return sloped<Moved>(
      [](const X &x) -> Moved {
        return {flip<-1>(x),
                roll<1, 1>(x),
                roll<-1, -3>(x),
                tril(x),
                triu<1>(x),
                tile<1, 2, 3>(x),
                repeat_elements<-1, 2>(x),
                constant_pad<-1, 2, 1>(x, 0.5),
                replicate_pad<-1, 2, 1>(x),
                circular_pad<-1, 2, 1>(x),
                reflect_pad<-1, 2, 1>(x),
                unfold<-1, 2, 2>(x),
                resize_nearest<5, 9>(x),
                resize_bilinear<5, 9>(x),
                resize_bilinear<2, 2>(x),
                linspace<f32, 5>(-1, 1)};
      },
      x);
}

// einsum of one, two and three operands.
struct Products {
  Tensor<f32, 3, B> sums;
  Tensor<f32> all;
  Tensor<f32, B, 3, 3> compact, shared, rows;
  Tensor<f32, B, 3, 4> three, other_order;
};
Sloped<Products> products(const X &x) {
  return sloped<Products>(
      [](const X &x) -> Products {
        return {einsum<"b i j -> i b">(x),
                einsum<"ijk->">(x),
                einsum<"bij,bkj->bik">(x, x),
                einsum<"... i j, ... k j -> ... i k">(x, x),
                einsum<"...j,ij->...i">(x, x[0]),
                einsum<"b i j, b k j, b k l -> b i l">(x, x, x),
                einsum<"a i j, b i k, b i j -> b i k">(x, x, x)};
      },
      x);
}

const auto registered = model<"derived">(entry<"reductions">(reductions, roles("x"), bind(B, 2)),
                                         entry<"flat">(flat, roles("x"), bind(B, 2)),
                                         entry<"activations">(activations, roles("x"), bind(B, 2)),
                                         entry<"joined">(joined, roles("x", "i"), bind(B, 2)),
                                         entry<"products">(products, roles("x"), bind(B, 2)),
                                         entry<"moved">(moved, roles("x"), bind(B, 2)));

} // namespace
} // namespace derived
