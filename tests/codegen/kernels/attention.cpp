// attention without regions against its formula in f64: awkward sizes, one query and many, heads
// that share keys, no key, NaN and infinities. Regions are tested by tests/codegen/attention.mlir.
#include "codegen/kernels.h"

#include <bit>
#include <catch2/catch.hpp>

using namespace kerf::test;
using I = int64_t;

namespace {
constexpr float scale = 0.3f;
struct Sizes {
  I heads, shared, m, n, d, e; ///< so many heads share one of keys
};
struct Operands {
  std::vector<float> q, k, v;
};
struct Results {
  std::vector<float> o, lse;
};
constexpr Sizes awkward[] = {{1, 1, 1, 1, 1, 1},     {3, 1, 7, 5, 3, 2},
                             {2, 2, 5, 33, 9, 17},   {1, 3, 65, 257, 16, 24},
                             {2, 1, 61, 16, 257, 3}, {1, 1, 121, 513, 8, 40},
                             {1, 2, 1, 700, 65, 64}, {2, 1, 6, 31, 0, 4},
                             {1, 1, 13, 8, 4, 0},    {1, 1, 7, 0, 4, 5}};

Operands operandsOf(const Sizes &s) {
  return {numbers<float>(s.heads * s.shared * s.m * s.d, 1), numbers<float>(s.heads * s.n * s.d, 2),
          numbers<float>(s.heads * s.n * s.e, 3)};
}

/// Every row of o and lse has NaN before.
Results run(const Sizes &s, const Operands &x) {
  const I all = s.heads * s.shared;
  Results y{std::vector<float>(all * s.m * s.e, NAN), std::vector<float>(all * s.m, NAN)};
  const I q = s.m * s.d, k = s.n * s.d, v = s.n * s.e;
  kernel<void(const float *, const float *, const float *, float *, float *, I, I, I, I, I, I, I, I,
              I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I)>("attention")(
      x.q.data(), x.k.data(), x.v.data(), y.o.data(), y.lse.data(), s.m, s.n, s.d, s.e,
      std::bit_cast<int32_t>(scale), 1, 1, 1, 1, s.heads, s.shared, 0, 0, 0, 0, s.shared * q, q,
      s.d, 0, 0, 0, 0, k, 0, s.d, 0, 0, 0, 0, v, 0, s.e);
  return y;
}

void check(const Sizes &s) {
  CAPTURE(s.heads, s.shared, s.m, s.n, s.d, s.e);
  const Operands x = operandsOf(s);
  const Results y = run(s, x);
  for (I r = 0; r < s.heads * s.shared * s.m; ++r) {
    const I head = r / s.m / s.shared;
    std::vector<double> p(s.n), o(s.e);
    double most = -INFINITY, total = 0;
    for (I j = 0; j < s.n; ++j) {
      for (I c = 0; c < s.d; ++c)
        p[j] += double(scale) * x.q[r * s.d + c] * x.k[(head * s.n + j) * s.d + c];
      most = std::max(most, p[j]);
    }
    for (I j = 0; j < s.n; ++j) {
      total += p[j] = std::exp(p[j] - most);
      for (I c = 0; c < s.e; ++c)
        o[c] += p[j] * x.v[(head * s.n + j) * s.e + c];
    }
    const double lse = s.n ? most + std::log(total) : -INFINITY;
    CHECK((y.lse[r] == lse || std::abs(y.lse[r] - lse) <= 1e-5));
    for (I c = 0; c < s.e; ++c)
      CHECK(std::abs(y.o[r * s.e + c] - (s.n ? o[c] / total : 0)) <= 2e-6);
  }
}
} // namespace

TEST_CASE("attention: equals its formula", "[attention]") {
  for (const Sizes &sizes : awkward)
    check(sizes);
}

TEST_CASE("attention: every number of workers gives the same bits", "[attention]") {
  const Sizes sizes = {2, 1, 193, 300, 24, 17};
  const Operands x = operandsOf(sizes);
  const Results first = run(sizes, x);
  for (int turn = 0; turn < 3; ++turn) {
    const Results again = run(sizes, x);
    CHECK((again.o == first.o && again.lse == first.lse));
  }
}

TEST_CASE("attention: a NaN among the scores is one in its row alone", "[attention]") {
  for (I m : {3, 70}) {
    const Sizes sizes = {1, 1, m, 40, 8, 8};
    Operands x = operandsOf(sizes);
    x.q[1 * 8 + 3] = NAN;
    const Results y = run(sizes, x);
    CHECK((isNan(y.lse[1]) && isNan(y.o[8]) && isNan(y.o[15])));
    CHECK((!isNan(y.lse[0]) && !isNan(y.o[0])));
    CHECK((m < 4 || !isNan(y.o[3 * 8])));
  }
}
