// normal against Box-Muller in f64, of the reference generator's words.
#include "codegen/draws.h"

#include <catch2/catch.hpp>

using namespace kerf::test;
using kerf::compiler::philoxWord;

static double normal(const Key &key, uint64_t i) {
  const double u = ((philoxWord(key, i & ~uint64_t(1)) >> 8) + 1) * 0x1p-24;
  const double turn = (philoxWord(key, i | 1) >> 8) * 0x1p-24;
  // Reduced to an eighth of a turn by exact steps, so that the reference is right near its zeros.
  const double quarter = std::floor(turn * 4 + 0.5), angle = (turn * 4 - quarter) * M_PI / 2;
  const double s = std::sin(angle), c = std::cos(angle);
  const double sines[] = {s, c, -s, -c};
  return std::sqrt(-2 * std::log(u)) * sines[(int(quarter) + (i % 2 ? 0 : 1)) % 4];
}

TEST_CASE("normal: within 4 ulp of Box-Muller in f64", "[random]") {
  double worst = 0;
  for (const Key &key : keys)
    for (uint64_t offset : offsets)
      for (int64_t n : {1, 7, 33, 4096}) {
        std::vector<float> got(n + 1, -9);
        kernel<Draw>("normal")(&key, &offset, got.data(), n);
        CHECK(got[n] == -9);
        for (int64_t i = 0; i < n; ++i)
          worst = std::max(worst, ulps(got[i], normal(key, offset + i)));
      }
  INFO("worst error " << worst << " ulp");
  CHECK(worst <= 4);
}

TEST_CASE("normal: any split by offsets is the same draw, bit for bit", "[random]") {
  std::vector<float> whole(257), parts(257);
  const uint64_t start = 5;
  kernel<Draw>("normal")(&keys[2], &start, whole.data(), 257);
  for (int64_t at = 0, step = 1; at < 257; at += step, step = step * 2 + 1) {
    const uint64_t offset = start + at;
    kernel<Draw>("normal")(&keys[2], &offset, &parts[at], std::min<int64_t>(step, 257 - at));
  }
  CHECK(parts == whole);
}

TEST_CASE("normal: a draw in several tasks, from any offset", "[random]") {
  constexpr int64_t n = 20011, step = 500; // in each of which there is one task
  for (uint64_t start : offsets) {
    std::vector<float> whole(n), parts(n);
    kernel<Draw>("normal")(&keys[2], &start, whole.data(), n);
    for (int64_t at = 0; at < n; at += step) {
      const uint64_t offset = start + at;
      kernel<Draw>("normal")(&keys[2], &offset, &parts[at], std::min<int64_t>(step, n - at));
    }
    CHECK(parts == whole);
  }
}

TEST_CASE("normal: moments", "[random]") {
  constexpr int64_t n = 1 << 20;
  std::vector<float> x(n);
  kernel<Draw>("normal")(&keys[2], &offsets[0], x.data(), n);
  double m1 = 0, m2 = 0, m4 = 0;
  for (float v : x)
    m1 += v / double(n), m2 += double(v) * v / n, m4 += std::pow(double(v), 4) / n;
  CHECK(std::fabs(m1) < 0.004); // four standard errors each
  CHECK(std::fabs(m2 - 1) < 0.006);
  CHECK(std::fabs(m4 - 3) < 0.04);
}
