// Laws of random choices: distinct, in range, the same for the same key, no choice more likely.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "choices.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

namespace {

using List = std::vector<std::int64_t>;

List few(kerf::Context &context, std::uint64_t seed) {
  List chosen(5);
  choices::few(context, kerf::RandomKey(seed), chosen);
  return chosen;
}

/// (counts - expected)^2 / expected, summed.
double chi_squared(const std::vector<int> &counts, double expected) {
  double sum = 0;
  for (int count : counts)
    sum += (count - expected) * (count - expected) / expected;
  return sum;
}

} // namespace

TEST_CASE("a choice is distinct, in range, and its key's own", "[choice]") {
  kerf::Context context(choices::arena_bytes);
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const auto chosen = few(context, seed);
    CHECK(std::set(chosen.begin(), chosen.end()).size() == 5);
    CHECK(*std::min_element(chosen.begin(), chosen.end()) >= 0);
    CHECK(*std::max_element(chosen.begin(), chosen.end()) < 9);
    CHECK(chosen == few(context, seed));
  }
  CHECK(few(context, 1) != few(context, 2));
}

TEST_CASE("every ordered pair that a choice begins with is as likely", "[choice]") {
  constexpr int draws = 14400, pairs = 9 * 8;
  kerf::Context context(choices::arena_bytes);
  std::vector<int> first(9), pair(81), last(9);
  for (int seed = 0; seed < draws; ++seed) {
    const auto chosen = few(context, seed);
    ++first[chosen[0]], ++pair[9 * chosen[0] + chosen[1]], ++last[chosen[4]];
  }
  // The 99.9th percentiles of chi squared with 8 and 71 degrees of freedom.
  CHECK(chi_squared(first, draws / 9.) < 26.1);
  CHECK(chi_squared(last, draws / 9.) < 26.1);
  std::erase(pair, 0); // an element beside itself
  REQUIRE(pair.size() == pairs);
  CHECK(chi_squared(pair, double(draws) / pairs) < 112.3);
}

TEST_CASE("a choice of all is a permutation, and not the one that counts", "[choice]") {
  kerf::Context context(choices::arena_bytes);
  List order(1000), counting(1000);
  choices::permutation(context, kerf::RandomKey(7), order);
  std::iota(counting.begin(), counting.end(), 0);
  CHECK(order != counting);
  std::sort(order.begin(), order.end());
  CHECK(order == counting);
}

TEST_CASE("arange counts", "[choice]") {
  kerf::Context context(choices::arena_bytes);
  List numbers(12);
  choices::counting(context, numbers);
  CHECK(numbers == List{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
}
