// Functions of one number, their first derivatives and their second, element by element.
#include <kerf/kerf.h>

namespace kerf::cases {
namespace {

inline constexpr int count = 4096;
using Numbers = Tensor<f32, count>;

struct Derivatives {
  Numbers value, first, second;
};

Derivatives derivatives(const Numbers &x, const auto &f) {
  const auto total = [&](const Numbers &x) {
    let y = sum(f(x));
    return y;
  };
  const auto slopes = [&](const Numbers &x) {
    auto [value, gradient] = value_and_grad(total)(x);
    let y = sum(gradient);
    return y;
  };
  Derivatives result;
  result.value = f(x);
  result.first = value_and_grad(total)(x).gradients;
  result.second = value_and_grad(slopes)(x).gradients;
  return result;
}

Derivatives of_sigmoid(const Numbers &x) {
  return derivatives(x, [](const auto &x) { return sigmoid(x); });
}
Derivatives of_silu(const Numbers &x) {
  return derivatives(x, [](const auto &x) { return silu(x); });
}
Derivatives of_softplus(const Numbers &x) {
  return derivatives(x, [](const auto &x) { return softplus(x); });
}
Derivatives of_log_sigmoid(const Numbers &x) {
  return derivatives(x, [](const auto &x) { return log_sigmoid(x); });
}
Derivatives of_log_of_sigmoid(const Numbers &x) {
  return derivatives(x, [](const auto &x) { return log(sigmoid(x)); });
}
Derivatives of_one_less_sigmoid(const Numbers &x) {
  return derivatives(x, [](const auto &x) { return 1 - sigmoid(x); });
}
/// As some write sigmoid and softplus.
Derivatives of_quotient(const Numbers &x) {
  return derivatives(x, [](const auto &x) { return 1 / (1 + exp(-x)); });
}
Derivatives of_log_of_sum(const Numbers &x) {
  return derivatives(x, [](const auto &x) { return log(1 + exp(x)); });
}
Derivatives of_log1p(const Numbers &x) {
  return derivatives(x, [](const auto &x) { return log1p(x); });
}
Derivatives of_expm1(const Numbers &x) {
  return derivatives(x, [](const auto &x) { return expm1(x); });
}
Derivatives of_tanh(const Numbers &x) {
  return derivatives(x, [](const auto &x) { return tanh(x); });
}
Derivatives of_gelu(const Numbers &x) {
  return derivatives(x, [](const auto &x) { return gelu(x); });
}
Derivatives of_gelu_erf(const Numbers &x) {
  return derivatives(x, [](const auto &x) { return gelu_erf(x); });
}
Derivatives of_sin(const Numbers &x) {
  return derivatives(x, [](const auto &x) { return sin(x); });
}
Derivatives of_cos(const Numbers &x) {
  return derivatives(x, [](const auto &x) { return cos(x); });
}
Derivatives of_erf(const Numbers &x) {
  return derivatives(x, [](const auto &x) { return erf(x); });
}
Derivatives of_erfc(const Numbers &x) {
  return derivatives(x, [](const auto &x) { return erfc(x); });
}
Derivatives of_power(const Numbers &x) {
  return derivatives(x, [](const auto &x) { return pow(x, 2.5); });
}
Derivatives of_exponential(const Numbers &x) {
  return derivatives(x, [](const auto &x) { return exp2(x); });
}
Derivatives of_clamp(const Numbers &x) {
  return derivatives(x, [](const auto &x) { return clamp(x, -1, 17); });
}
/// What has no derivative.
struct Integers {
  Numbers rounded, above, towards_zero, signs;
};
Integers integers(const Numbers &x) { return {round(x), ceil(x), trunc(x), sign(x)}; }
Derivatives of_relu(const Numbers &x) {
  return derivatives(x, [](const auto &x) { return relu(x); });
}
Derivatives of_exp(const Numbers &x) {
  return derivatives(x, [](const auto &x) { return exp(x); });
}
Derivatives of_log(const Numbers &x) {
  return derivatives(x, [](const auto &x) { return log(x); });
}
Derivatives of_sqrt(const Numbers &x) {
  return derivatives(x, [](const auto &x) { return sqrt(x); });
}
Derivatives of_rsqrt(const Numbers &x) {
  return derivatives(x, [](const auto &x) { return rsqrt(x); });
}
/// Of one logit and its target.
struct Bce {
  Tensor<f32> loss;
  Tensor<f32, 1> gradient;
};
Bce bce(const Tensor<f32, 1> &x, const Tensor<f32, 1> &target) {
  const auto of = [&](const Tensor<f32, 1> &x) {
    return let(binary_cross_entropy_with_logits(x, target));
  };
  auto [loss, gradient] = value_and_grad(of)(x);
  return {loss, gradient};
}

/// A batch of which some rows count, or none.
struct Book {
  Tensor<f32, 4, 2> e;
};
void update(Book &book, CodebookState<4, 2> &state, const Tensor<f32, 8, 2> &z,
            const Tensor<i1, 8> &keep) {
  auto q = vq(z, book.e, mask = keep);
  ema_update(book.e, state, z, q.codes);
}
void update_of_directions(Book &book, CodebookState<4, 2> &state, const Tensor<f32, 8, 2> &z,
                          const Tensor<i1, 8> &keep) {
  auto q = vq(z, book.e, mask = keep, metric = cosine);
  ema_update(book.e, state, z, q.codes, metric = cosine);
}
void new_life(Book &book, CodebookState<4, 2> &state, const Tensor<f32, 8, 2> &z,
              const Tensor<i1, 8> &keep, const Key &key) {
  revive(book.e, state, z, key, mask = keep);
}
struct Losses {
  Tensor<f32> codebook, commitment, entropy, diversity;
  Tensor<f32, 8, 2> gradient;
};
Losses losses(const Book &book, const Tensor<f32, 8, 2> &z, const Tensor<i1, 8> &keep) {
  Losses result;
  const auto loss = [&](const Tensor<f32, 8, 2> &z) {
    auto q = vq(z, book.e, mask = keep, entropy = 1);
    let total = q.losses.commitment + q.losses.entropy + q.losses.diversity;
    return total;
  };
  auto q = vq(z, book.e, mask = keep, entropy = 1);
  result.codebook = q.losses.codebook;
  result.commitment = q.losses.commitment;
  result.entropy = q.losses.entropy;
  result.diversity = q.losses.diversity;
  result.gradient = value_and_grad(loss)(z).gradients;
  return result;
}

const auto registered = model<"tails">(
    entry<"of_sigmoid">(of_sigmoid, roles("x")), entry<"of_silu">(of_silu, roles("x")),
    entry<"of_softplus">(of_softplus, roles("x")),
    entry<"of_log_sigmoid">(of_log_sigmoid, roles("x")),
    entry<"of_log_of_sigmoid">(of_log_of_sigmoid, roles("x")),
    entry<"of_one_less_sigmoid">(of_one_less_sigmoid, roles("x")),
    entry<"of_quotient">(of_quotient, roles("x")),
    entry<"of_log_of_sum">(of_log_of_sum, roles("x")), entry<"of_log1p">(of_log1p, roles("x")),
    entry<"of_expm1">(of_expm1, roles("x")), entry<"of_tanh">(of_tanh, roles("x")),
    entry<"of_gelu">(of_gelu, roles("x")), entry<"of_gelu_erf">(of_gelu_erf, roles("x")),
    entry<"of_sin">(of_sin, roles("x")), entry<"of_cos">(of_cos, roles("x")),
    entry<"of_erf">(of_erf, roles("x")), entry<"of_erfc">(of_erfc, roles("x")),
    entry<"of_power">(of_power, roles("x")), entry<"of_exponential">(of_exponential, roles("x")),
    entry<"of_clamp">(of_clamp, roles("x")), entry<"integers">(integers, roles("x")),
    entry<"of_relu">(of_relu, roles("x")), entry<"of_exp">(of_exp, roles("x")),
    entry<"of_log">(of_log, roles("x")), entry<"of_sqrt">(of_sqrt, roles("x")),
    entry<"of_rsqrt">(of_rsqrt, roles("x")), entry<"bce">(bce, roles("x", "target")),
    entry<"update">(update, roles("book", "state", "z", "keep")),
    entry<"update_of_directions">(update_of_directions, roles("book", "state", "z", "keep")),
    entry<"new_life">(new_life, roles("book", "state", "z", "keep", "key")),
    entry<"losses">(losses, roles("book", "z", "keep")));

} // namespace
} // namespace kerf::cases
