// Cross-entropy of labels inside and outside of the classes, of masked logits, and of sure classes.
#include <catch2/catch.hpp>

#include "labels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
using Labels = std::array<std::int64_t, 4>;
using Logits = std::array<float, 12>;
constexpr Logits logits{1, 2, 3, 0, -1, 0.5f, -infinity, 1, 0, 2, 2, -infinity};

struct Trained {
  float loss;
  Logits gradient;
};
template <bool ignores> Trained train(const Logits &logits, const Labels &labels) {
  kerf::Context context(labels::arena_bytes);
  Trained result;
  if constexpr (ignores)
    result.loss = labels::classify_some(context, logits, labels, result.gradient).loss;
  else
    result.loss = labels::classify(context, logits, labels, result.gradient).loss;
  return result;
}

double log_p(const Logits &logits, int row, std::int64_t label) {
  double total = 0;
  for (int k = 0; k < 3; ++k)
    total += std::exp(double(logits[3 * row + k]) - logits[3 * row + label]);
  return -std::log(total);
}

/// Of rows that count, by a weight each.
void check(const Trained &got, const Labels &labels, const std::array<double, 4> &weights) {
  double loss = 0;
  for (int row = 0; row < 4; ++row)
    if (weights[row] != 0)
      loss -= weights[row] * log_p(logits, row, labels[row]);
  CHECK(std::fabs(got.loss - loss) <= 1e-6 * std::fabs(loss));
  for (int row = 0; row < 4; ++row)
    for (int k = 0; k < 3; ++k) {
      const double p = std::isinf(logits[3 * row + k]) ? 0 : std::exp(log_p(logits, row, k));
      const double want = weights[row] == 0 ? 0 : weights[row] * (p - (labels[row] == k));
      CHECK(std::fabs(got.gradient[3 * row + k] - want) <= 1e-6);
    }
}

} // namespace

TEST_CASE("a logit of -inf that is not the label costs nothing and gets no gradient", "[labels]") {
  const Labels labels{2, 0, 1, 1};
  check(train<false>(logits, labels), labels, {0.25, 0.25, 0.25, 0.25});
  check(train<true>(logits, labels), labels, {0.25, 0.25, 0.25, 0.25});
}

TEST_CASE("a label of -inf costs everything", "[labels]") {
  CHECK(train<false>(logits, {2, 0, 0, 1}).loss == infinity);
}

TEST_CASE("ignored rows have no part in the mean", "[labels]") {
  const Labels labels{2, -100, 1, -100};
  check(train<true>(logits, labels), labels, {0.5, 0, 0.5, 0});
}

TEST_CASE("what stands in an ignored row does not matter", "[labels]") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (float x : {nan, infinity, -infinity, 3e38f}) {
    Logits some = logits;
    some[3] = some[5] = some[10] = x;
    const Labels labels{2, -100, 1, -100};
    check(train<true>(some, labels), labels, {0.5, 0, 0.5, 0});
    const Trained without = train<false>(some, {2, -1, 1, 7}); // labels outside, not ignored
    CHECK(std::isnan(without.loss));
    for (int k = 0; k < 3; ++k) {
      CHECK(without.gradient[3 + k] == 0);
      CHECK(without.gradient[9 + k] == 0);
      CHECK(std::isfinite(without.gradient[k]));
    }
  }
}

TEST_CASE("a batch of ignored rows: 0, and no gradient", "[labels]") {
  const Trained got = train<true>(logits, {-100, -100, -100, -100});
  CHECK(got.loss == 0);
  for (float g : got.gradient)
    CHECK(g == 0);
}

TEST_CASE("a label outside of the classes is no other class: NaN, and no gradient", "[labels]") {
  for (std::int64_t label :
       {std::int64_t(3), std::int64_t(-1), std::int64_t(-100),
        std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    const Trained got = train<false>(logits, {2, label, 1, 1});
    CHECK(std::isnan(got.loss));
    for (int k = 0; k < 3; ++k)
      CHECK(got.gradient[3 + k] == 0);
    if (label != -100)
      CHECK(std::isnan(train<true>(logits, {2, label, -100, 1}).loss));
  }
}

TEST_CASE("log-softmax of a class with all but d of the share is -d, its slope d", "[labels]") {
  kerf::Context context(labels::arena_bytes);
  double worst = 0, worst1 = 0, worst2 = 0;
  for (int i = -2752; i <= 2752; ++i) {
    const float t = float(i) / 32; // so that differences are exact, as they must be for this
    const std::array<float, 3> x{t, 0, -1};
    std::array<float, 3> value, first, second;
    labels::sure(context, x, value, first, second);
    using Real = long double;
    Real others = 0, p[3];
    for (int k = 0; k < 3; ++k) {
      Real rest = 0;
      for (int j = 0; j < 3; ++j)
        if (j != k)
          rest += std::exp(Real(x[j]) - x[k]);
      p[k] = 1 / (1 + rest);
      const Real want = -std::log1p(rest);
      worst = std::max<double>(worst, std::fabs((value[k] - want) / want));
      if (k == 0)
        others = rest / (1 + rest);
    }
    // d log p0 = (1 - p0, -p1, -p2);  d (1 - p0) = p0 (p0 - 1, p1, p2)
    const Real slopes[3] = {others, -p[1], -p[2]},
               bends[3] = {-p[0] * others, p[0] * p[1], p[0] * p[2]};
    for (int k = 0; k < 3; ++k) {
      worst1 = std::max<double>(worst1, std::fabs((first[k] - slopes[k]) / slopes[k]));
      worst2 = std::max<double>(worst2, std::fabs((second[k] - bends[k]) / bends[k]));
    }
  }
  INFO("worst relative errors " << worst << ", " << worst1 << ", " << worst2);
  CHECK(worst <= 1e-6);
  CHECK(worst1 <= 1e-6);
  CHECK(worst2 <= 2e-6); // p of one class is e^y here, with the rounding of y
}

namespace {

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min(),
                       most = std::numeric_limits<std::int64_t>::max();
constexpr float none_at_all = std::numeric_limits<float>::quiet_NaN();

} // namespace

TEST_CASE("indices outside: a row of zeros, the nearest row", "[labels]") {
  kerf::Context context(labels::arena_bytes);
  const std::array<std::int64_t, 7> indices{-1, 0, 2, 3, 1000, most, least};
  const std::array<float, 6> table{1, 2, 3, 4, 5, 6};
  std::array<float, 21> hot, wanted{};
  std::array<float, 14> gathered;
  std::array<float, 6> scattered;
  std::array<float, 7> along;
  labels::outside(context, indices, table, hot, gathered, scattered, along);
  wanted[3] = wanted[8] = 1;
  CHECK(hot == wanted);
  CHECK(gathered == std::array<float, 14>{1, 2, 1, 2, 5, 6, 5, 6, 5, 6, 5, 6, 1, 2});
  CHECK(scattered == std::array<float, 6>{3, 3, 0, 0, 4, 4});
  for (float element : along)
    CHECK((element == 0 || element == 1 || element == 2));
  CHECK(along[1] == 0);
  CHECK(along[2] == 2);
}

TEST_CASE("a code outside of the codebook is none", "[labels]") {
  kerf::Context context(labels::arena_bytes);
  for (std::int64_t none : {std::int64_t(-1), std::int64_t(4), std::int64_t(9), most, least}) {
    kerf::Block<labels::Book> book;
    kerf::Block<labels::State> state;
    std::fill_n(book->e.begin(), 8, 7.0f);
    std::fill_n(state->count.begin(), 4, 0.0f);
    std::fill_n(state->total.begin(), 8, 0.0f);
    const std::array<std::int64_t, 7> codes{none, 0, 3, none, 0, none, 3};
    const std::array<float, 14> rows{none_at_all, none_at_all, 1, 2,           3,  4, none_at_all,
                                     1,           3,           6, none_at_all, -1, 5, 6};
    std::array<float, 4> counts;
    std::array<float, 14> decoded, decoded_levels;
    std::array<float, 21> of_grid;
    std::array<float, 42> of_bits;
    const auto use = labels::codes_outside(context, book, state, rows, codes, counts, decoded,
                                           decoded_levels, of_grid, of_bits);
    CHECK(counts == std::array<float, 4>{2, 0, 0, 2});
    CHECK(std::fabs(use.perplexity - 2) <= 1e-6);
    CHECK(use.usage == 0.5f);
    const std::array<float, 8> means{2, 4, 7, 7, 7, 7, 4, 5};
    CHECK(std::equal(means.begin(), means.end(), book->e.begin()));
    for (int feature : {0, 1}) {
      CHECK(decoded[feature] == 7); // the first or the last row of the codebook before its update
      CHECK(decoded_levels[feature] == (none < 0 ? 0 : 7));
    }
  }
}

TEST_CASE("codes of scalar quantizers count modulo how many there are", "[labels]") {
  kerf::Context context(labels::arena_bytes);
  for (std::int64_t code :
       {std::int64_t(-1), std::int64_t(0), std::int64_t(29), std::int64_t(30), std::int64_t(64),
        (std::int64_t(1) << 53) + 1, -(std::int64_t(1) << 53) - 1, most - 1, most, least}) {
    kerf::Block<labels::Book> book;
    kerf::Block<labels::State> state;
    std::fill_n(book->e.begin(), 8, 7.0f);
    std::fill_n(state->count.begin(), 4, 0.0f);
    std::fill_n(state->total.begin(), 8, 0.0f);
    std::array<std::int64_t, 7> codes{};
    codes[0] = code;
    std::array<float, 4> counts;
    std::array<float, 14> rows{}, decoded, decoded_levels;
    std::array<float, 21> of_grid;
    std::array<float, 42> of_bits;
    labels::codes_outside(context, book, state, rows, codes, counts, decoded, decoded_levels,
                          of_grid, of_bits);
    const std::int64_t grid = (code % 30 + 30) % 30, bits = (code % 64 + 64) % 64;
    INFO("code " << code);
    CHECK(of_grid[0] == float(grid % 3 - 1));
    CHECK(of_grid[1] == float(grid / 3 % 5 - 2) / 2);
    CHECK(of_grid[2] == float(grid / 15 - 1));
    for (int bit = 0; bit < 6; ++bit)
      CHECK(of_bits[bit] == (bits >> bit & 1 ? 1.0f : -1.0f));
  }
}
