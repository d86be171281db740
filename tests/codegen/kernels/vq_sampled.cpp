// Draws of codes: without noise the nearest code, with it the best of noisy scores; heads by
// themselves.
#include "codegen/nearest_codes.h"
#include "compiler/oracle/philox.h"

#include <catch2/catch.hpp>

using namespace kerf::test;
using kerf::codegen::cpu::VqMetric;
using I = int64_t;

namespace {
struct Sizes {
  I n, k, d;
};
/// One, primes, one past a tile, past a block of rows, of codes, of depth, more codes than at once.
constexpr Sizes awkward[] = {{1, 1, 1},      {7, 17, 5},  {6, 16, 64},    {65, 33, 257},
                             {11, 15, 8},    {4, 3, 700}, {3079, 65, 64}, {8, 1041, 64},
                             {2, 16385, 16}, {0, 5, 3},   {5, 4, 0},      {3, 2000, 1}};
constexpr std::uint32_t key[2] = {0xDEADBEEF, 7};

std::vector<I> drawn(const std::vector<float> &z, const std::vector<float> &e, Sizes s,
                     VqMetric metric, I offset, float t, float least) {
  Scratch scratch(scratchBytes("vq_sampled", {s.n, s.k, s.d}));
  std::vector<I> codes(s.n, -1);
  std::int32_t bits;
  std::memcpy(&bits, &least, sizeof bits);
  kernel<void(const float *, const float *, const std::uint32_t *, const I *, const float *, I *,
              void *, I, I, I, I, I)>("vq_sampled")(z.data(), e.data(), key, &offset, &t,
                                                    codes.data(), scratch.get(), s.n, s.k, s.d,
                                                    I(metric), bits);
  CHECK(scratch.intact());
  return codes;
}

/// Score of code k for row n, less its noise, in double.
double noisyScore(const std::vector<float> &z, const std::vector<float> &e, Sizes s,
                  VqMetric metric, I offset, double t, double least, I n, I k) {
  double dot = 0, square = 0;
  for (I p = 0; p < s.d; ++p) {
    dot += double(z[n * s.d + p]) * e[k * s.d + p];
    square += double(e[k * s.d + p]) * e[k * s.d + p];
  }
  const double u = kerf::compiler::philoxUniform(
      kerf::compiler::philoxWord({key[0], key[1]}, offset + n * s.k + k));
  const double noise = -std::log(-std::log(std::max(u, least)));
  return (metric == VqMetric::l2 ? square - 2 * dot : -dot) - t * noise;
}
} // namespace

TEST_CASE("vq_sampled: without noise it is the nearest code", "[vq]") {
  for (Sizes s : awkward)
    for (VqMetric metric : {VqMetric::l2, VqMetric::dot}) {
      CAPTURE(s.n, s.k, s.d, int(metric));
      const auto z = numbers<float>(s.n * s.d, 1), e = numbers<float>(s.k * s.d, 2);
      CHECK(drawn(z, e, s, metric, 5, 0, 0.25f) == nearestCodes(z, e, s.n, s.k, s.d, metric));
    }
}

TEST_CASE("vq_sampled: the best of scores with the noise of their words", "[vq]") {
  for (Sizes s : awkward)
    for (I offset : {I(0), I(3), I(1) << 34}) {
      CAPTURE(s.n, s.k, s.d, offset);
      const auto z = numbers<float>(s.n * s.d, 1), e = numbers<float>(s.k * s.d, 2);
      const float t = float(1 + s.d) / 2, least = offset == 3 ? 0 : 0x1p-25f;
      const std::vector<I> codes = drawn(z, e, s, VqMetric::l2, offset, t, least);
      I wrong = 0, rows = std::min<I>(s.n, 200); // the reference is slow
      for (I n = 0; n < rows; ++n) {
        double best = INFINITY;
        for (I k = 0; k < s.k; ++k)
          best = std::min(best, noisyScore(z, e, s, VqMetric::l2, offset, t, least, n, k));
        REQUIRE((codes[n] >= 0 && codes[n] < s.k));
        const double got = noisyScore(z, e, s, VqMetric::l2, offset, t, least, n, codes[n]);
        wrong += !(got <= best + 1e-5 * (std::fabs(best) + s.d + t));
      }
      CHECK(wrong == 0);
    }
}

TEST_CASE("vq_sampled: far from the origin it is the nearest code too", "[vq]") {
  for (Sizes s : awkward) {
    CAPTURE(s.n, s.k, s.d);
    auto z = numbers<float>(s.n * s.d, 1), e = numbers<float>(s.k * s.d, 2);
    for (auto *x : {&z, &e})
      for (float &v : *x)
        v += 1000;
    CHECK(drawn(z, e, s, VqMetric::l2, 5, 0, 0.25f) ==
          nearestCodes(z, e, s.n, s.k, s.d, VqMetric::l2));
  }
}
