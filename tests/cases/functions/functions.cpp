// sigmoid and its kin against long double over the whole range, derivatives too; means over
// nothing.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "tails.h"

#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace {

constexpr int count = 4096;
constexpr float infinity = std::numeric_limits<float>::infinity();
using Real = long double;
using Numbers = std::vector<float>;
struct Reference {
  Real value, first, second;
  Real magnitude = 0;  ///< of the terms of `second`, where they may cancel
  Real magnitude1 = 0; ///< of those of `first`
};

Real sigma(Real x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); }
Real plus(Real x) { return std::max<Real>(x, 0) + std::log1p(std::exp(-std::fabs(x))); }

Reference sigmoid(Real x) {
  const Real d = sigma(x) * sigma(-x);
  return {sigma(x), d, -d * std::tanh(x / 2)};
}
Reference tangent(Real x) {
  const Real d = 4 * sigma(2 * x) * sigma(-2 * x);
  return {std::tanh(x), d, -2 * d * std::tanh(x)};
}
/// x s(u(x)) with u = c x + b x^3; two terms of the derivatives cancel where those are 0.
Reference gelu(Real x) {
  const Real c = 2 * std::sqrt(2 / std::acos(Real(-1))), b = 0.044715L * c;
  const Real u = c * x + b * x * x * x, u1 = c + 3 * b * x * x, u2 = 6 * b * x;
  const Real s = sigma(u), d = s * sigma(-u), t = -std::tanh(u / 2);
  return {x * s, s + x * d * u1, d * (2 * u1 + x * u2 + x * t * u1 * u1),
          d * (2 * u1 + std::fabs(x * u2) + std::fabs(x * t) * u1 * u1), s + std::fabs(x) * d * u1};
}
Reference softplus(Real x) { return {plus(x), sigma(x), sigma(x) * sigma(-x)}; }
Reference log_sigmoid(Real x) { return {-plus(-x), sigma(-x), -sigma(x) * sigma(-x)}; }
Reference silu(Real x) {
  const Real s = sigma(x), n = sigma(-x);
  return {x * s, s + x * s * n, s * n * (2 - x * std::tanh(x / 2)), s * n * (2 + std::fabs(x)),
          s * (1 + std::fabs(x) * n)};
}

/// Numbers from -104 to 104, dense where the functions bend, and the edges.
Numbers samples(float low, float high) {
  Numbers x;
  for (float edge : {0.0f, 1.0f, 17.0f, 17.4f, 20.0f, 87.0f, 88.0f, 100.0f, 1e-3f, 1e-8f, 1e-20f,
                     0x1p-126f, 0x1p-149f, 0.34657f, 0.34658f, 1e10f, 3e38f})
    for (float sign : {1.0f, -1.0f})
      if (sign * edge > low && sign * edge < high)
        x.push_back(sign * edge);
  const int rest = count - int(x.size());
  for (int i = 0; i < rest; ++i) {
    const float t = (i + 0.5f) / rest * 2 - 1; // cubed, so that half of all is within an eighth
    const float y = 104 * t * t * t;
    x.push_back(std::min(std::max(y, std::nextafter(low, 0.0f)), std::nextafter(high, 0.0f)));
  }
  return x;
}

/// The largest error relative to `scale`, or to the least normal number.
struct Worst {
  Real error = 0, at = 0;
  void note(Real got, Real want, Real scale, Real x) {
    const Real allowed = std::max<Real>(std::fabs(scale), 0x1p-126L);
    Real distance = std::fabs(got - want) / allowed;
    if (std::fabs(want) > std::numeric_limits<float>::max())
      distance = std::isinf(got) ? 0 : infinity;
    if (!(distance <= error)) {
      error = distance;
      at = x;
    }
  }
};

template <class Entry, class Function>
void check(Entry entry, Function reference, float low = -104, float high = 104,
           Real bound = 1e-6L) {
  kerf::Context context(tails::arena_bytes);
  const Numbers x = samples(low, high);
  Numbers value(count), first(count), second(count);
  entry(context, x, value, first, second);
  Worst values, firsts, seconds;
  for (int i = 0; i < count; ++i) {
    const Reference want = reference(x[i]);
    values.note(value[i], want.value, want.value, x[i]);
    firsts.note(first[i], want.first, std::max(std::fabs(want.first), want.magnitude1), x[i]);
    seconds.note(second[i], want.second, std::max(std::fabs(want.second), want.magnitude), x[i]);
  }
  INFO("value " << values.error << " at " << values.at << ", first " << firsts.error << " at "
                << firsts.at << ", second " << seconds.error << " at " << seconds.at);
  CHECK(values.error <= bound);
  CHECK(firsts.error <= bound);
  CHECK(seconds.error <= bound);
}

#define ENTRY(name) [](auto &&...arguments) { tails::name(arguments...); }

} // namespace

TEST_CASE("sigmoid and its kin keep their digits in both tails, derivatives too", "[tails]") {
  check(ENTRY(of_sigmoid), sigmoid);
  check(ENTRY(of_quotient), sigmoid);
  check(ENTRY(of_one_less_sigmoid), [](Real x) {
    const Real d = sigma(x) * sigma(-x);
    return Reference{sigma(-x), -d, d * std::tanh(x / 2)};
  });
  check(ENTRY(of_silu), silu, -104, 87);
  check(ENTRY(of_silu), silu, -104, 104, 1e-5L); // sigmoid(-x) is denormal at the end
  check(ENTRY(of_tanh), tangent);
  check(ENTRY(of_gelu), gelu, -10, 10);
  check(ENTRY(of_gelu), gelu, -104, 104,
        5e-4L); // the gate of -|x| is denormal outside, times u'^2 = 700
  check(ENTRY(of_softplus), softplus);
  check(ENTRY(of_log_of_sum), softplus);
  check(ENTRY(of_log_sigmoid), log_sigmoid);
  check(ENTRY(of_log_of_sigmoid), log_sigmoid);
}

TEST_CASE("binary cross-entropy of a logit, its gradient too", "[tails]") {
  kerf::Context context(tails::arena_bytes);
  Worst losses, gradients;
  for (float x : samples(-104, 104))
    for (float target : {0.0f, 0.25f, 1.0f}) {
      const std::array<float, 1> logits{x}, targets{target};
      std::array<float, 1> gradient;
      const float loss = tails::bce(context, logits, targets, gradient).loss;
      const Real t = target, upper = t * sigma(-x), lower = (1 - t) * sigma(x);
      const Real want = t * plus(-x) + (1 - t) * plus(x);
      losses.note(loss, want, want, x);
      gradients.note(gradient[0], lower - upper, lower + upper, x);
    }
  INFO("loss " << losses.error << " at " << losses.at << ", gradient " << gradients.error << " at "
               << gradients.at);
  CHECK(losses.error <= 1e-6L);
  CHECK(gradients.error <= 1e-6L);
}

TEST_CASE("log1p and expm1, derivatives too", "[tails]") {
  check(
      ENTRY(of_log1p),
      [](Real x) { return Reference{std::log1p(x), 1 / (1 + x), -1 / ((1 + x) * (1 + x))}; },
      -0.999f, infinity);
  check(ENTRY(of_expm1), [](Real x) { return Reference{std::expm1(x), std::exp(x), std::exp(x)}; });
}

TEST_CASE("sine and cosine, derivatives too", "[tails]") {
  check(ENTRY(of_sin), [](Real x) { return Reference{std::sin(x), std::cos(x), -std::sin(x)}; });
  check(ENTRY(of_cos), [](Real x) { return Reference{std::cos(x), -std::sin(x), -std::cos(x)}; });
}

TEST_CASE("the error function and its gelu, derivatives too", "[tails]") {
  const Real pi = std::acos(Real(-1));
  auto slope = [=](Real x) { return 2 / std::sqrt(pi) * std::exp(-x * x); };
  // The square in the exponent is rounded: to 2^-24 of itself, which is 1 at the end.
  check(
      ENTRY(of_erf), [=](Real x) { return Reference{std::erf(x), slope(x), -2 * x * slope(x)}; },
      -4, 4);
  check(
      ENTRY(of_erfc), [=](Real x) { return Reference{std::erfc(x), -slope(x), 2 * x * slope(x)}; },
      -4, 4);
  check(
      ENTRY(of_erf), [=](Real x) { return Reference{std::erf(x), slope(x), -2 * x * slope(x)}; },
      -9, 9, 1e-5L);
  check(
      ENTRY(of_gelu_erf),
      [=](Real x) {
        const Real p = std::erfc(-x / std::sqrt(Real(2))) / 2;
        const Real d = std::exp(-x * x / 2) / std::sqrt(2 * pi);
        return Reference{x * p, p + x * d, d * (2 - x * x), d * (2 + x * x), p + std::fabs(x) * d};
      },
      -5, 5, 4e-6L);
}

TEST_CASE("powers of a number, clamp and what has no derivative", "[tails]") {
  check(
      ENTRY(of_power),
      [](Real x) {
        return Reference{std::pow(x, 2.5L), 2.5L * std::pow(x, 1.5L), 3.75L * std::pow(x, 0.5L)};
      },
      1e-12f, 1e10f);
  const Real ln2 = std::log(Real(2));
  check(ENTRY(of_exponential), [=](Real x) {
    const Real y = std::exp2(x);
    return Reference{y, ln2 * y, ln2 * ln2 * y};
  });
  check(ENTRY(of_clamp),
        [](Real x) { return Reference{std::clamp<Real>(x, -1, 17), Real(x >= -1 && x <= 17), 0}; });

  kerf::Context context(tails::arena_bytes);
  Numbers x = samples(-104, 104), rounded(count), above(count), whole(count), signs(count);
  x.back() = 2.5f;
  tails::integers(context, x, rounded, above, whole, signs);
  for (int i = 0; i < count; ++i) {
    CHECK(rounded[i] == std::nearbyint(x[i]));
    CHECK(above[i] == std::ceil(x[i]));
    CHECK(whole[i] == std::trunc(x[i]));
    CHECK(signs[i] == float((x[i] > 0) - (x[i] < 0)));
  }
}

TEST_CASE("powers, exponentials and logarithms, derivatives too", "[tails]") {
  check(ENTRY(of_relu), [](Real x) { return Reference{x > 0 ? x : 0, Real(x > 0), 0}; });
  check(ENTRY(of_exp), [](Real x) { return Reference{std::exp(x), std::exp(x), std::exp(x)}; });
  const float least = 1e-19f; // 1 / x^2 is a number
  check(
      ENTRY(of_log), [](Real x) { return Reference{std::log(x), 1 / x, -1 / (x * x)}; }, least,
      infinity);
  check(
      ENTRY(of_sqrt),
      [](Real x) {
        const Real y = std::sqrt(x);
        return Reference{y, 1 / (2 * y), -1 / (4 * y * x)};
      },
      least, infinity);
  check(
      ENTRY(of_rsqrt),
      [](Real x) {
        const Real y = 1 / std::sqrt(x);
        return Reference{y, -y / (2 * x), 3 * y / (4 * x * x)};
      },
      1e-15f, infinity);
}

namespace {

using Keep = std::array<bool, 8>;
constexpr Keep nothing{};

/// A codebook of rows of length one, a state of zeros, and a batch with a NaN in it.
struct Upkeep {
  kerf::Context context{tails::arena_bytes};
  kerf::Block<tails::Book> book;
  kerf::Block<tails::State> state;
  std::vector<float> z = Numbers(16, std::numeric_limits<float>::quiet_NaN());

  Upkeep() {
    for (int k = 0; k < 4; ++k) {
      book->e.begin()[2 * k] = k % 2 ? 0.6f : -1;
      book->e.begin()[2 * k + 1] = k % 2 ? 0.8f : 0;
      state->count.begin()[k] = state->total.begin()[2 * k] = state->total.begin()[2 * k + 1] = 0;
    }
  }
  bool book_is(const std::array<float, 8> &want) const {
    for (int i = 0; i < 8; ++i)
      if (book->e.begin()[i] != want[i])
        return false;
    return true;
  }
};
constexpr std::array<float, 8> first{-1, 0, 0.6f, 0.8f, -1, 0, 0.6f, 0.8f};

} // namespace

TEST_CASE("a codebook that no row has ever chosen stays", "[nothing]") {
  Upkeep kept;
  for (int step = 0; step < 3; ++step) {
    tails::update(kept.context, kept.book, kept.state, kept.z, nothing);
    tails::update_of_directions(kept.context, kept.book, kept.state, kept.z, nothing);
  }
  CHECK(kept.book_is(first));
  CHECK(kept.state->count.begin()[0] == 0);
}

TEST_CASE("a codebook whose rows are forgotten stays finite", "[nothing]") {
  Upkeep kept;
  for (int k = 0; k < 4; ++k) {
    kept.state->count.begin()[k] = 0x1p-140f;
    kept.state->total.begin()[2 * k] = 0x1p-140f * kept.book->e.begin()[2 * k];
    kept.state->total.begin()[2 * k + 1] = 0x1p-140f * kept.book->e.begin()[2 * k + 1];
  }
  for (int step = 0; step < 3000; ++step)
    tails::update(kept.context, kept.book, kept.state, kept.z, nothing);
  for (int i = 0; i < 8; ++i)
    CHECK(std::isfinite(kept.book->e.begin()[i]));
}

TEST_CASE("no code gets new life where no row counts", "[nothing]") {
  Upkeep kept;
  tails::new_life(kept.context, kept.book, kept.state, kept.z, nothing, kerf::RandomKey(3));
  CHECK(kept.book_is(first));
  Keep one{};
  one[5] = true;
  kept.z[10] = 3, kept.z[11] = 4;
  tails::new_life(kept.context, kept.book, kept.state, kept.z, one, kerf::RandomKey(3));
  CHECK(!kept.book_is(first));
}

TEST_CASE("losses of no row are 0, and nothing flows", "[nothing]") {
  Upkeep kept;
  std::vector<float> gradient(16, 1.0f);
  const auto losses = tails::losses(kept.context, kept.book, kept.z, nothing, gradient);
  CHECK(losses.codebook == 0);
  CHECK(losses.commitment == 0);
  CHECK(losses.entropy == 0);
  CHECK(losses.diversity == 0);
  CHECK(gradient == std::vector<float>(16, 0.0f));
}
