// attention_vjp against its formula in f64: awkward sizes, heads that share keys, rows without
// keys, and the same bits however a call is cut.
#include "codegen/kernels.h"

#include <catch2/catch.hpp>

#include <array>

using namespace kerf::test;
using I = int64_t;

namespace {
constexpr I axes = 6;
struct Sizes {
  I m, n, d, e;
  std::array<I, axes> batch;
  I kOnes = 0, vOnes = 0;

  I heads() const { return of(0); }
  I of(I ones) const {
    I count = 1;
    for (I a = 0; a < axes; ++a)
      count *= ones >> a & 1 ? 1 : batch[a];
    return count;
  }
  /// The head of a tensor that is the same along these axes, for one of q.
  I place(I head, I ones) const {
    I place = 0, step = 1;
    for (I a = axes - 1; a >= 0; head /= batch[a], --a)
      if (!(ones >> a & 1))
        place += head % batch[a] * step, step *= batch[a];
    return place;
  }
};

struct Operands {
  std::vector<float> q, k, v, lse, delta, g;
};
template <class T> struct Cotangents {
  std::vector<T> q, k, v;
};
constexpr float scale = 0.3f;

double dot(const std::vector<float> &a, I at, const std::vector<float> &b, I bt, I count) {
  double sum = 0;
  for (I i = 0; i < count; ++i)
    sum += double(a[at + i]) * b[bt + i];
  return sum;
}

/// lse as it is; delta is any number. Every fifth row sees no key.
Operands operandsOf(const Sizes &s) {
  const I heads = s.heads(), ks = s.of(s.kOnes), vs = s.of(s.vOnes);
  Operands x{numbers<float>(heads * s.m * s.d, 1), numbers<float>(ks * s.n * s.d, 2),
             numbers<float>(vs * s.n * s.e, 3),    {},
             numbers<float>(heads * s.m, 4),       numbers<float>(heads * s.m * s.e, 5)};
  for (I r = 0; r < heads * s.m; ++r) {
    double sum = 0;
    for (I j = 0; j < s.n; ++j)
      sum += std::exp(scale *
                      dot(x.q, r * s.d, x.k, (s.place(r / s.m, s.kOnes) * s.n + j) * s.d, s.d));
    x.lse.push_back(r % 5 == 4 ? -INFINITY : float(std::log(sum)));
  }
  return x;
}

Cotangents<double> expected(const Sizes &s, const Operands &x) {
  Cotangents<double> y{std::vector<double>(x.q.size()), std::vector<double>(x.k.size()),
                       std::vector<double>(x.v.size())};
  for (I r = 0; r < s.heads() * s.m; ++r)
    for (I j = 0; j < s.n && x.lse[r] != -INFINITY; ++j) {
      const I kt = (s.place(r / s.m, s.kOnes) * s.n + j) * s.d;
      const I vt = (s.place(r / s.m, s.vOnes) * s.n + j) * s.e;
      const double p = std::exp(scale * dot(x.q, r * s.d, x.k, kt, s.d) - x.lse[r]);
      const double ds = scale * p * (dot(x.g, r * s.e, x.v, vt, s.e) - x.delta[r]);
      for (I c = 0; c < s.d; ++c)
        y.q[r * s.d + c] += ds * x.k[kt + c], y.k[kt + c] += ds * x.q[r * s.d + c];
      for (I c = 0; c < s.e; ++c)
        y.v[vt + c] += p * x.g[r * s.e + c];
    }
  return y;
}

Cotangents<float> computed(const Sizes &s, const Operands &x) {
  Cotangents<float> y{std::vector<float>(x.q.size(), NAN), std::vector<float>(x.k.size(), NAN),
                      std::vector<float>(x.v.size(), NAN)};
  std::int32_t bits;
  std::memcpy(&bits, &scale, sizeof bits);
  const auto [b0, b1, b2, b3, b4, b5] = s.batch;
  const I looped = s.kOnes | s.vOnes;
  Scratch scratch(scratchBytes("attention_vjp", {s.m, s.n, s.d, s.e, bits, b0, b1, b2, b3, b4, b5,
                                                 s.kOnes, s.vOnes, looped}));
  using F = const float *;
  kernel<void(F, F, F, F, F, F, float *, float *, float *, void *, I, I, I, I, I, I, I, I, I, I, I,
              I, I, I)>("attention_vjp")(x.q.data(), x.k.data(), x.v.data(), x.lse.data(),
                                         x.delta.data(), x.g.data(), y.q.data(), y.k.data(),
                                         y.v.data(), scratch.get(), s.m, s.n, s.d, s.e, bits, b0,
                                         b1, b2, b3, b4, b5, s.kOnes, s.vOnes, looped);
  CHECK(scratch.intact());
  return y;
}

double worst(const std::vector<float> &got, const std::vector<double> &want) {
  double most = 0, worst = 0;
  for (double x : want)
    most = std::max(most, std::fabs(x));
  for (size_t i = 0; i < want.size(); ++i) {
    const double error = std::fabs(got[i] - want[i]);
    worst = error <= worst ? worst : error; // NaN is the worst
  }
  return most == 0 ? worst : worst / most;
}

/// One, primes, one past a tile, past a block of rows and of keys; heads that share keys, values or
/// both, along several axes; keys in chunks, of one head and of heads that share them.
const Sizes awkward[] = {
    {1, 1, 1, 1, {1, 1, 1, 1, 1, 1}},
    {7, 17, 5, 3, {1, 1, 1, 1, 2, 3}},
    {73, 257, 16, 24, {1, 1, 1, 1, 1, 2}},
    {13, 65, 33, 72, {1, 1, 2, 1, 3, 2}, 1 << 5, 1 << 5},
    {5, 31, 8, 9, {2, 1, 3, 1, 2, 2}, 1 << 2 | 1 << 5, 1 << 0},
    {145, 16, 64, 64, {1, 1, 1, 1, 1, 3}},
    {4, 600, 0, 5, {1, 1, 1, 1, 1, 2}},
    {4, 20, 5, 0, {1, 1, 1, 1, 1, 2}},
    {150, 1100, 17, 16, {1, 1, 1, 1, 1, 2}},
    {150, 1300, 16, 17, {1, 1, 1, 1, 2, 2}, 1 << 5, 1 << 5},
};
} // namespace

TEST_CASE("attention_vjp: cotangents of scores that are made again", "[attention]") {
  for (const Sizes &s : awkward) {
    CAPTURE(s.m, s.n, s.d, s.e, s.heads(), s.kOnes, s.vOnes);
    const Operands x = operandsOf(s);
    const Cotangents<double> want = expected(s, x);
    const Cotangents<float> got = computed(s, x);
    CHECK(worst(got.q, want.q) < 2e-6);
    CHECK(worst(got.k, want.k) < 2e-6);
    CHECK(worst(got.v, want.v) < 2e-6);
    for (int turn = 0; turn < 3; ++turn) { // other numbers of workers
      const Cotangents<float> again = computed(s, x);
      CHECK(again.q == got.q);
      CHECK(again.k == got.k);
      CHECK(again.v == got.v);
    }
  }
}
