// The matmul kernel against double loops in the same order: equal bit for bit.
#include "codegen/kernels.h"

#include <catch2/catch.hpp>

using namespace kerf::test;

namespace {
struct Sizes {
  int64_t batch, m, n, k;
};
/// How an operand lies: transposed or not, with `gap` elements from one to the next.
struct Layout {
  bool transposed;
  int64_t gap;
};
/// awkward on purpose: one, primes, one past a tile, a panel, a block
constexpr Sizes awkward[] = {{1, 1, 1, 1},      {2, 7, 17, 5},    {3, 6, 16, 8},  {1, 65, 33, 257},
                             {1, 193, 31, 300}, {1, 8, 513, 9},   {1, 4, 3, 700}, {1, 13, 40, 2},
                             {2, 11, 15, 8},    {1, 30, 32, 512}, {3, 3, 3, 3},   {1, 2, 1, 64}};
} // namespace

template <class T> static void check(Sizes s, Layout a, Layout b) {
  CAPTURE(s.batch, s.m, s.n, s.k, a.transposed, a.gap, b.transposed, b.gap);
  const int64_t aStrides[] = {s.m * s.k * a.gap, (a.transposed ? 1 : s.k) * a.gap,
                              (a.transposed ? s.m : 1) * a.gap};
  const int64_t bStrides[] = {s.k * s.n * b.gap, (b.transposed ? 1 : s.n) * b.gap,
                              (b.transposed ? s.k : 1) * b.gap};
  auto x = numbers<T>(s.batch * aStrides[0], 1), y = numbers<T>(s.batch * bStrides[0], 2);
  std::vector<T> want(s.batch * s.m * s.n), got(want.size(), T(NAN));
  for (int64_t n = 0, at = 0; n < s.batch; ++n)
    for (int64_t i = 0; i < s.m; ++i)
      for (int64_t j = 0; j < s.n; ++j) {
        Sum<T> sum;
        for (int64_t k = 0; k < s.k; ++k)
          sum.add(x[n * aStrides[0] + i * aStrides[1] + k * aStrides[2]],
                  y[n * bStrides[0] + k * bStrides[1] + j * bStrides[2]]);
        want[at++] = sum.value();
      }
  using I = int64_t;
  kernel<void(const T *, const T *, T *, I, I, I, I, I, I, I, I, I, I, I, I)>(
      std::is_same_v<T, float> ? "gemm" : "gemm_f64")(
      x.data(), y.data(), got.data(), s.batch, s.m, s.n, s.k, aStrides[0], aStrides[1], aStrides[2],
      bStrides[0], bStrides[1], bStrides[2], s.m * s.n, s.n);
  CHECK(got == want);
}

TEST_CASE("gemm: equals the defined order, for every transposition and stride", "[gemm]") {
  for (Sizes sizes : awkward)
    for (bool aTransposed : {false, true})
      for (bool bTransposed : {false, true})
        for (int64_t gap : {1, 3})
          check<float>(sizes, {aTransposed, gap}, {bTransposed, gap == 1 ? 1 : 2});
}

TEST_CASE("gemm: f64 has the same order", "[gemm]") {
  for (Sizes sizes : awkward)
    check<double>(sizes, {false, 1}, {true, 2});
}

/// one group, one term past it, an odd last group, one that waits at every level; parts of a task
constexpr Sizes deep[] = {{1, 7, 17, 4096},  {2, 5, 33, 4097},  {1, 3, 16, 12289},
                          {1, 2, 5, 28700},  {1, 2, 3, 32768},  {1, 1, 1, 69633},
                          {1, 771, 9, 4100}, {1, 4, 515, 8193}, {2, 200, 300, 4200}};

TEST_CASE("gemm: groups of 4,096 terms are added pairwise", "[gemm]") {
  for (Sizes sizes : deep) {
    check<float>(sizes, {false, 1}, {true, 1});
    check<float>(sizes, {true, 1}, {false, 1});
    check<double>(sizes, {false, 1}, {false, 1});
  }
}

TEST_CASE("gemm: 2^20 like terms lose no more than 5e-6 of their sum", "[gemm]") {
  const int64_t k = 1 << 20;
  const std::vector<float> x(k, 0.1f);
  for (int64_t last : {k, k - 1, k - 255, k - 4097}) {
    float got = 0;
    using I = int64_t;
    kernel<void(const float *, const float *, float *, I, I, I, I, I, I, I, I, I, I, I, I)>("gemm")(
        x.data(), x.data(), &got, 1, 1, 1, last, 0, 0, 1, 0, 1, 0, 1, 1);
    const double want = double(0.1f) * 0.1f * last;
    CHECK(std::abs(got - want) <= 5e-6 * want);
  }
}

TEST_CASE("gemm: broadcast operands have stride zero", "[gemm]") {
  const float one = 1, half = 0.5;
  std::vector<float> got(6);
  using I = int64_t;
  kernel<void(const float *, const float *, float *, I, I, I, I, I, I, I, I, I, I, I, I)>("gemm")(
      &one, &half, got.data(), 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 6, 3);
  CHECK(got == std::vector<float>(6, 2));
}
