// Laws of draws made of ops: ranges, shares, means, quantiles.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "draws.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace {

constexpr int n = 4096;

/// Of `n` draws, whose number below a bound has this share: within 4.5 deviations.
void check_share(double got, double share) {
  INFO("share " << share);
  CHECK(std::abs(got / n - share) <= 4.5 * std::sqrt(share * (1 - share) / n));
}
double below(const std::vector<float> &x, double bound) {
  return double(std::count_if(x.begin(), x.end(), [&](float y) { return y < bound; }));
}
double phi(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

TEST_CASE("draws made of ops have the distributions that they say") {
  kerf::Context context(draws::arena_bytes);
  std::vector<float> like(12), exponential(n), truncated(n);
  std::vector<std::int64_t> randint(n), categorical(n), at_two(n), at_given(n), permutation(64);
  std::array<bool, n> bernoulli;
  const auto draw = [&](float temperature) {
    draws::all(context, kerf::RandomKey(5), temperature, like, exponential, truncated, randint,
               categorical, at_two, at_given, bernoulli, permutation);
  };
  draw(0.5);

  CHECK(std::all_of(like.begin(), like.end(), [](float u) { return u >= 0 && u < 1; }));
  CHECK(*std::min_element(exponential.begin(), exponential.end()) >= 0);
  for (double bound : {0.1, 0.5, 1.0, 2.0, 4.0})
    check_share(below(exponential, bound), 1 - std::exp(-bound));

  CHECK(*std::min_element(truncated.begin(), truncated.end()) >= -1);
  CHECK(*std::max_element(truncated.begin(), truncated.end()) <= 2);
  for (double bound : {-0.9, -0.5, 0.0, 0.5, 1.0, 1.9})
    check_share(below(truncated, bound), (phi(bound) - phi(-1)) / (phi(2) - phi(-1)));

  for (int k = -4; k <= 4; ++k)
    check_share(double(std::count(randint.begin(), randint.end(), k)),
                k < -3 || k > 3 ? 0 : 1 / 7.);
  for (int k = 0; k < 4; ++k)
    check_share(double(std::count(categorical.begin(), categorical.end(), k)), 0.1 * (k + 1));
  double squares = 0, roots = 0;
  for (int k = 1; k <= 4; ++k) {
    squares += k * k;
    roots += std::sqrt(k);
  }
  for (int k = 0; k < 4; ++k) {
    check_share(double(std::count(at_two.begin(), at_two.end(), k)), std::sqrt(k + 1) / roots);
    check_share(double(std::count(at_given.begin(), at_given.end(), k)),
                (k + 1) * (k + 1) / squares);
  }
  check_share(double(std::count(bernoulli.begin(), bernoulli.end(), true)), 0.25);

  CHECK_FALSE(std::is_sorted(permutation.begin(), permutation.end()));
  std::sort(permutation.begin(), permutation.end());
  for (int i = 0; i < 64; ++i)
    CHECK(permutation[std::size_t(i)] == i);

  draw(0);
  CHECK(std::count(at_given.begin(), at_given.end(), 3) == n); // the likeliest
}

} // namespace
