// The nearest-code kernel against loops in the same order of sums: equal bit for bit.
#include "codegen/cpu/vq_search.h"
#include "codegen/kernels.h"

#include "../../../bench/peak.h"

#include <catch2/catch.hpp>

#include <cstdio>
#include <ctime>

using namespace kerf::test;
using kerf::codegen::cpu::VqMetric;
using I = int64_t;

namespace {
struct Sizes {
  I n, k, d;
};
/// One, primes, one past a tile, past a block of rows, of codes, of depth.
constexpr Sizes awkward[] = {
    {1, 1, 1},      {7, 17, 5},      {6, 16, 64},      {65, 33, 257},  {13, 31, 300},  {4, 3, 700},
    {11, 15, 8},    {30, 512, 32},   {1030, 270, 256}, {3079, 65, 64}, {8, 1041, 64},  {0, 5, 3},
    {5, 4, 0},      {7, 19, 1025},   {5, 33, 3500},    {7, 18, 9000},  {2, 16385, 16}, {3, 2000, 1},
    {257, 130, 17}, {300, 1041, 33}, {1100, 65, 16},   {3300, 70, 18}, {3100, 33, 16}};
/// Sizes at which integers screen the codes: odd depths, a panel that is not full, several blocks
/// of rows; of codes at the last.
constexpr Sizes screened[] = {{256, 64, 16}, {301, 131, 25}, {1030, 70, 18}, {256, 66, 260}};
constexpr VqMetric metrics[] = {VqMetric::l2, VqMetric::dot, VqMetric::cosine};

/// |x|^2 of a block: element i in lane i mod 16, lanes folded 8, 4, 2, 1.
template <class T> T squaredLengthOfBlock(const T *x, I d) {
  T lanes[16] = {};
  for (I i = 0; i < d; ++i) {
    const volatile T square = x[i] * x[i]; // rounded
    lanes[i % 16] += square;
  }
  for (int half = 8; half >= 1; half /= 2)
    for (int i = 0; i < half; ++i)
      lanes[i] += lanes[half + i];
  return lanes[0];
}

/// Blocks of 512, pairwise: the largest power of two of them that leaves some, and the others.
template <class T> T squaredLength(const T *x, I d) {
  if (d <= 512)
    return squaredLengthOfBlock(x, d);
  I left = 512;
  while (2 * left < d)
    left *= 2;
  return squaredLength(x, left) + squaredLength(x + left, d - left);
}

/// Rows and codes less the center of the codes: the mean of at most 64 of them, in the elements
/// where it is more than twice as long as their deviation.
template <class T> void subtractCenter(std::vector<T> &z, std::vector<T> &e, Sizes s) {
  const I count = std::min<I>(s.k, 64), step = std::max<I>(s.k / 64, 1);
  for (I p = 0; p < s.d; ++p) {
    T total = 0, squares = 0;
    for (I j = 0; j < count; ++j) {
      const T x = e[j * step * s.d + p];
      const volatile T square = x * x; // rounded
      total += x, squares += square;
    }
    const T mean = total / T(count);
    const volatile T length = mean * total;
    const T center = length * T(1.25) > squares ? mean : 0;
    for (I n = 0; n < s.n; ++n)
      z[n * s.d + p] -= center;
    for (I k = 0; k < s.k; ++k)
      e[k * s.d + p] -= center;
  }
}

template <class T>
std::vector<I> nearest(std::vector<T> z, std::vector<T> e, Sizes s, VqMetric metric) {
  std::vector<I> codes;
  if (metric == VqMetric::l2)
    subtractCenter(z, e, s);
  std::vector<T> square(s.k), unit = e;
  for (I k = 0; k < s.k; ++k) {
    square[k] = squaredLength(&e[k * s.d], s.d);
    const T root = std::sqrt(square[k]), length = root < T(1e-12) ? T(1e-12) : root;
    for (I p = 0; p < s.d; ++p)
      unit[k * s.d + p] = metric == VqMetric::cosine ? e[k * s.d + p] / length : e[k * s.d + p];
  }
  for (I n = 0; n < s.n; ++n) {
    I best = 0;
    T least = 0;
    for (I k = 0; k < s.k; ++k) {
      Sum<T> dot;
      for (I p = 0; p < s.d; ++p)
        dot.add(z[n * s.d + p], unit[k * s.d + p]);
      const T score = metric == VqMetric::l2 ? square[k] - 2 * dot.value() : -dot.value();
      if (k == 0 || (!std::isnan(least) && (std::isnan(score) || score < least)))
        best = k, least = score;
    }
    codes.push_back(best);
  }
  return codes;
}

template <class T>
std::vector<I> run(const std::vector<T> &z, const std::vector<T> &e, Sizes s, VqMetric metric) {
  const char *name = std::is_same_v<T, float> ? "vq" : "vq_f64";
  Scratch scratch(scratchBytes(name, {s.n, s.k, s.d}));
  std::vector<I> codes(s.n, -1);
  kernel<void(const T *, const T *, I *, void *, I, I, I, I)>(name)(
      z.data(), e.data(), codes.data(), scratch.get(), s.n, s.k, s.d, I(metric));
  CHECK(scratch.intact());
  return codes;
}

template <class T> void check(const std::vector<T> &z, const std::vector<T> &e, Sizes s) {
  for (VqMetric metric : metrics) {
    CAPTURE(s.n, s.k, s.d, int(metric));
    CHECK(run(z, e, s, metric) == nearest(z, e, s, metric));
  }
}

/// Few different values, so that scores tie.
template <class T> std::vector<T> coarseRows(size_t n, unsigned seed) {
  std::vector<T> x = numbers<T>(n, seed);
  for (T &v : x)
    v = std::round(v * 2);
  return x;
}
} // namespace

TEMPLATE_TEST_CASE("vq: scores are those of the separate ops", "[vq]", float, double) {
  for (Sizes s : awkward)
    check(numbers<TestType>(s.n * s.d, 1), numbers<TestType>(s.k * s.d, 2), s);
}

TEMPLATE_TEST_CASE("vq: an offset that rows and codes share moves no code", "[vq]", float, double) {
  // Multiples of 1/8 of at most 16: sums of their squares are exact, moved and not.
  auto multiples = [](I n, unsigned seed) {
    std::vector<TestType> x = numbers<TestType>(n, seed);
    for (TestType &v : x)
      v = std::round(v * 8) / 8;
    return x;
  };
  for (Sizes s : awkward) {
    const auto z = multiples(s.n * s.d, 23), e = multiples(s.k * s.d, 24);
    const auto codes = run(z, e, s, VqMetric::l2);
    for (TestType offset : {10, 1000, -100000}) {
      auto movedZ = z, movedE = e;
      for (auto *x : {&movedZ, &movedE})
        for (I i = 0; i < I(x->size()); ++i)
          if (i % s.d != 0) // one element stays
            (*x)[i] += offset;
      CAPTURE(s.n, s.k, s.d, offset);
      check(movedZ, movedE, s);
      const auto moved = run(movedZ, movedE, s, VqMetric::l2);
      I closer = 0; // of those that differ, which the center's rounding may make
      for (I n = 0; n < s.n; ++n) {
        auto distance = [&](I k) {
          double sum = 0;
          for (I p = 0; p < s.d; ++p)
            sum += std::pow(double(z[n * s.d + p]) - double(e[k * s.d + p]), 2);
          return sum;
        };
        closer += distance(moved[n]) > distance(codes[n]) * (1 + 1e-5);
      }
      CHECK(closer == 0);
    }
  }
}

TEMPLATE_TEST_CASE("vq: the lowest index wins a tie", "[vq]", float, double) {
  for (Sizes s : awkward)
    check(coarseRows<TestType>(s.n * s.d, 3), coarseRows<TestType>(s.k * s.d, 4), s);
  // Every code twice: never the second of a pair.
  const Sizes s{40, 90, 24};
  auto z = numbers<TestType>(s.n * s.d, 5), e = numbers<TestType>(s.k / 2 * s.d, 6);
  e.insert(e.end(), e.begin(), e.end());
  for (VqMetric metric : metrics)
    for (I code : run(z, e, s, metric))
      CHECK(code < s.k / 2);
}

TEMPLATE_TEST_CASE("vq: the first NaN wins, infinities are numbers", "[vq]", float, double) {
  const TestType special[] = {TestType(NAN), TestType(INFINITY), -TestType(INFINITY), 0,
                              TestType(1e30)};
  std::minstd_rand next(7);
  for (Sizes s : {Sizes{60, 41, 3}, Sizes{60, 5, 17}, Sizes{12, 1100, 64}, Sizes{301, 131, 25}})
    for (unsigned rare : {5, 200, 5000}) {
      auto z = numbers<TestType>(s.n * s.d, 8), e = numbers<TestType>(s.k * s.d, 9);
      for (auto *x : {&z, &e})
        for (TestType &v : *x)
          if (next() % rare == 0)
            v = special[next() % 5];
      check(z, e, s);
      check(z, numbers<TestType>(s.k * s.d, 10), s);
    }
}

// Screening with integers may leave no trace: what follows is where a wrong bound would show.

/// Row `from` of x in the place of row `to`, times `scale`.
static void copyRow(std::vector<float> &to, I row, const std::vector<float> &from, I other, I d,
                    float scale = 1) {
  for (I p = 0; p < d; ++p)
    to[row * d + p] = from[other * d + p] * scale;
}

TEST_CASE("vq: codes that are one another's copies, or nearly", "[vq]") {
  std::minstd_rand next(11);
  for (Sizes s : screened) {
    const auto z = numbers<float>(s.n * s.d, 12), few = numbers<float>(s.k * s.d, 13);
    auto copies = few, near = few, one = few, spread = few;
    for (I k = 0; k < s.k; ++k) {
      copyRow(copies, k, few, I(next() % 7), s.d); // in any panel and lane
      copyRow(near, k, few, k / 2, s.d);           // pairs that differ in the last place
      float &x = near[k * s.d + I(next() % s.d)];
      x = k % 2 ? std::nextafter(x, next() % 2 ? 9.f : -9.f) : x;
      copyRow(one, k, few, 0, s.d);
      copyRow(spread, k, few, 0, s.d); // a cluster far from the origin
      for (I p = 0; p < s.d; ++p)
        spread[k * s.d + p] += 1e-4f * few[k * s.d + p];
    }
    for (const auto &e : {copies, near, one, spread})
      check(z, e, s);
    check(copies, copies, {s.k, s.k, s.d});
  }
}

TEST_CASE("vq: rows along codes, where sums are longest", "[vq]") {
  std::minstd_rand next(14);
  for (Sizes s : screened) {
    const auto e = numbers<float>(s.k * s.d, 15);
    std::vector<float> z(s.n * s.d), signs = z, ones(s.k * s.d, 1.f);
    for (I n = 0; n < s.n; ++n)
      copyRow(z, n, e, I(next() % s.k), s.d, n % 3 == 0 ? 1.f : n % 3 == 1 ? -1.f : -1000.f);
    for (float &x : signs)
      x = next() % 2 ? 1.f : -1.f;
    check(z, e, s);
    check(signs, ones, s);
    // One element each: the scale is bounded by it, not by the length.
    auto thin = e;
    for (I i = 0; i < I(thin.size()); ++i)
      thin[i] = i % s.d == i / s.d % s.d ? thin[i] : 0;
    check(z, thin, s);
    check(thin, e, {s.k, s.k, s.d});
  }
}

TEST_CASE("vq: rows and codes of any length", "[vq]") {
  // Powers of ten, of rows and of codes; 2 z.e does not overflow, which the kernel does not round.
  constexpr std::pair<int, int> lengths[] = {{-40, 0}, {-30, -30}, {-30, 17}, {30, -30}, {34, 0},
                                             {0, -13}, {0, 13},    {0, 17},   {-13, -13}};
  std::minstd_rand next(16);
  auto scaled = [&](std::vector<float> x, I d, auto exponent) {
    float scale = 1;
    for (size_t i = 0; i < x.size(); ++i) {
      if (I(i) % d == 0)
        scale = std::pow(10.f, float(exponent()));
      x[i] *= scale;
    }
    return x;
  };
  for (Sizes s : screened) {
    const auto z = numbers<float>(s.n * s.d, 17), e = numbers<float>(s.k * s.d, 18);
    for (auto [of, other] : lengths)
      check(scaled(z, s.d, [&] { return of; }), scaled(e, s.d, [&] { return other; }), s);
    auto any = [&] { return int(next() % 70) - 38; };
    auto some = [&] { return int(next() % 7) - 3; };
    auto often = [&] { return next() % 3 ? 0 : -99; }; // zeros
    check(scaled(z, s.d, any), e, s);
    check(scaled(z, s.d, some), scaled(e, s.d, some), s);
    check(scaled(z, s.d, often), scaled(e, s.d, often), s);
    check(z, std::vector<float>(e.size()), s);
    check(z, scaled(e, s.d, [&] { return int(next() % 30) - 15; }), s);
  }
}

TEST_CASE("vq: codes in several blocks, screened", "[vq]") {
  // Blocks of 480 codes; of 372 rows and 160 codes.
  for (Sizes s : {Sizes{256, 530, 260}, Sizes{500, 170, 700}})
    check(numbers<float>(s.n * s.d, 21), numbers<float>(s.k * s.d, 22), s);
}

TEST_CASE("vq: codes that rounding to integers moves past each other", "[vq]") {
  // The longest code has one element, so that codes are rounded to multiples of 1/1024. Code 3 is
  // the nearest by one element, all its others round down; those of code 17 round up.
  const Sizes s{256, 80, 64};
  std::vector<float> e(s.k * s.d), z(s.n * s.d);
  e[0] = -31.25f;
  for (I p = 0; p < s.d; ++p) {
    e[3 * s.d + p] = (p ? 10.49f : 12.49f) / 1024;
    e[17 * s.d + p] = 10.51f / 1024;
  }
  for (I n = 0; n < s.n; ++n)
    for (I p = 0; p < s.d; ++p)
      z[n * s.d + p] = 1 + float(n) / 256;
  CHECK(run(z, e, s, VqMetric::dot) == std::vector<I>(s.n, 3));
  check(z, e, s);
}

TEST_CASE("vq: rows that rounding to integers moves from one code to another", "[vq]") {
  // Codes are multiples of 1/1024 as above; rows become 62500 long. Code 17 lies where they round
  // up, and code 3, the nearest, where they round down.
  const Sizes s{256, 80, 66};
  std::vector<float> e(s.k * s.d), z(s.n * s.d);
  e[0] = -31.25f;
  for (I p = 0; p < 64; ++p)
    e[(p < 32 ? 3 : 17) * s.d + p] = 3900.f / 1024;
  for (I n = 0; n < s.n; ++n) {
    double rest = 62500. * 62500.;
    for (I p = 0; p < 64; ++p) {
      z[n * s.d + p] = p < 3 ? 7801.47f : p < 32 ? 7800.47f : 7800.53f;
      rest -= double(z[n * s.d + p]) * double(z[n * s.d + p]);
    }
    z[n * s.d + 64] = float(std::sqrt(rest));
    for (I p = 0; p < s.d; ++p)
      z[n * s.d + p] *= float(1 << n % 9);
  }
  CHECK(run(z, e, s, VqMetric::dot) == std::vector<I>(s.n, 3));
  check(z, e, s);
}

TEST_CASE("vq: many rows in doubt, fewer than end the screening", "[vq]") {
  // Blocks of 3072 rows and of 192; exact searches between them use the scratch that they share.
  for (Sizes s : {Sizes{24000, 64, 16}, Sizes{480, 64, 2048}}) {
    const auto e = numbers<float>(s.k * s.d, 19);
    std::vector<float> z(s.n * s.d);
    for (I n = 0; n < s.n; ++n) {
      copyRow(z, n, e, n % s.k, s.d);
      if (n % 5 == 0)
        z[n * s.d + n % s.d] = NAN;
    }
    CAPTURE(s.n);
    CHECK(run(z, e, s, VqMetric::l2) == nearest(z, e, s, VqMetric::l2));
  }
}

TEST_CASE("vq: scratch is bounded, whatever the rows and codes", "[vq]") {
  for (I d : {32, 64, 256}) {
    const size_t bytes = scratchBytes("vq", {1 << 20, 1 << 20, d});
    CHECK(bytes == scratchBytes("vq", {1 << 14, 1 << 14, d}));
    CHECK(bytes < (3 << 20));
  }
}

/// Of this thread, so that what else runs on the machine does not count.
static double processorSeconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}

// Speed beside the machine's peak, for a look: kernels "[vq-speed]".
TEST_CASE("vq: speed", "[.vq-speed]") {
  for (Sizes s : {Sizes{4096, 512, 64}, Sizes{16384, 512, 64}, Sizes{16384, 8192, 64},
                  Sizes{65536, 1024, 64}, Sizes{8192, 512, 64}, Sizes{4096, 1024, 256},
                  Sizes{1024, 16384, 256}, Sizes{4096, 8192, 32}}) {
    auto z = numbers<float>(s.n * s.d, 1), e = numbers<float>(s.k * s.d, 2);
    Scratch scratch(scratchBytes("vq", {s.n, s.k, s.d}));
    std::vector<I> codes(s.n);
    auto vq = kernel<void(const float *, const float *, I *, void *, I, I, I, I)>("vq");
    double best = 0, peak = 0;
    for (int turn = 0; turn < 8; ++turn) {
      peak = std::max(peak, kerf::bench::fmaPeak(0.03));
      const double start = processorSeconds();
      vq(z.data(), e.data(), codes.data(), scratch.get(), s.n, s.k, s.d, 0);
      best = std::max(best, 2.0 * s.n * s.k * s.d / (processorSeconds() - start));
    }
    std::printf("vq n=%-6ld k=%-6ld d=%-4ld %6.1f GF/s, %.3f of the FMA peak of %.1f\n", long(s.n),
                long(s.k), long(s.d), best / 1e9, best / peak, peak / 1e9);
  }
}
