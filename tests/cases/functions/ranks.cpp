// The values of indexing.cpp.
#include <indexing.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace {

constexpr int rows = 3, columns = 5;
constexpr float inf = INFINITY, nan = NAN;
using Numbers = std::array<float, rows * columns>;
using Places = std::array<std::int64_t, rows * columns>;

/// Equal elements, products that are 0, what is infinite.
const Numbers x = {2, -1, 2, 0.5, 3, 0, 4, -2, 0, 1, 1.5, 0, 3, inf, -2};

bool isBefore(float a, float b) { return a < b || (std::isnan(b) && !std::isnan(a)); }

TEST_CASE("elements are sorted along any axis, equal ones in their order") {
  kerf::Context context(indexing::arena_bytes);
  Numbers up, down, largest_first;
  Places order;
  indexing::sorted(context, x, up, down, largest_first, order);
  for (int i = 0; i < rows; ++i) {
    std::array<int, columns> places;
    std::iota(places.begin(), places.end(), 0);
    std::stable_sort(places.begin(), places.end(), [&](int a, int b) {
      return isBefore(x[i * columns + a], x[i * columns + b]);
    });
    for (int j = 0; j < columns; ++j) {
      CHECK(order[i * columns + j] == places[j]);
      CHECK(up[i * columns + j] == x[i * columns + places[j]]);
      CHECK(largest_first[i * columns + j] == up[i * columns + columns - 1 - j]);
    }
  }
  for (int j = 0; j < columns; ++j) {
    std::array<float, rows> column = {x[j], x[columns + j], x[2 * columns + j]};
    std::sort(column.begin(), column.end(), std::greater<>());
    for (int i = 0; i < rows; ++i)
      CHECK(down[i * columns + j] == column[i]);
  }
}

/// What sum_i w[i] prod_{j <= i} x[j] is multiplied by in x[k], or in x[k] x[other]: its
/// derivative.
double slope(const float *x, const float *w, int k, int other) {
  double sum = 0;
  for (int i = std::max(k, other); i < columns; ++i) {
    double product = w[i];
    for (int j = 0; j <= i; ++j)
      if (j != k && j != other)
        product *= x[j];
    sum += product;
  }
  return sum;
}

TEST_CASE("gradients go back to where elements stood, and through products of zeros") {
  kerf::Context context(indexing::arena_bytes);
  Numbers finite = x, weights, of_sorted, of_products, of_slopes, up, down, largest_first;
  finite[13] = 2.5;
  for (int i = 0; i < rows * columns; ++i)
    weights[i] = float(1 + i % 7);
  Places order;
  indexing::sorted(context, finite, up, down, largest_first, order);
  indexing::slopes(context, finite, weights, of_sorted, of_products, of_slopes);
  for (int i = 0; i < rows; ++i) {
    const float *line = &finite[i * columns], *w = &weights[i * columns];
    for (int j = 0; j < columns; ++j) {
      CHECK(of_sorted[i * columns + order[i * columns + j]] == w[j]);
      CHECK(of_products[i * columns + j] == Approx(slope(line, w, j, j)).epsilon(1e-6));
      double second = 0;
      for (int k = 0; k < columns; ++k)
        if (k != j)
          second += 2 * slope(line, w, k, k) * slope(line, w, j, k);
      CHECK(of_slopes[i * columns + j] == Approx(second).epsilon(1e-5).margin(1e-5));
    }
  }
}

TEST_CASE("numbers are counted, found in tables, multiplied and divided") {
  kerf::Context context(indexing::arena_bytes);
  const std::array<std::int32_t, rows * columns> numbers = {0, 3,  1, -1, 2, 3, 3, -7,
                                                            4, 99, 1, -8, 3, 2, 0};
  const std::array<float, 7> table = {-2, -1, 0, 0, 2, 3, nan};
  Numbers values = x;
  values[0] = nan;
  std::array<std::int64_t, 4> bins;
  Places left, right, whole, rest;
  std::array<std::int32_t, rows * columns> products;
  indexing::counted(context, numbers, values, table, bins, left, right, products, whole, rest);
  CHECK(bins == std::array<std::int64_t, 4>{2, 2, 2, 4});
  for (int i = 0; i < rows * columns; ++i) {
    CAPTURE(i, values[i]);
    CHECK(left[i] ==
          std::lower_bound(table.begin(), table.end(), values[i], isBefore) - table.begin());
    CHECK(right[i] ==
          std::upper_bound(table.begin(), table.end(), values[i], isBefore) - table.begin());
    CHECK(products[i] == numbers[i] * (i < columns ? 1 : numbers[i - columns]) *
                             (i < 2 * columns ? 1 : numbers[i - 2 * columns]));
    CHECK(whole[i] == std::floor(numbers[i] / 3.0));
    CHECK(rest[i] == numbers[i] + 3 * std::floor(numbers[i] / -3.0));
  }
}

TEST_CASE("any and all, also of nothing") {
  kerf::Context context(indexing::arena_bytes);
  Numbers numbers = {1, 2, 3, 4, 5, -1, -1, -1, 1, -1, -1, -1, -1, -1, nan};
  std::array<std::int32_t, rows> some, every;
  const auto judged = indexing::judged(context, numbers, some, every);
  CHECK(some == std::array<std::int32_t, rows>{1, 1, 0});
  CHECK(every == std::array<std::int32_t, rows>{1, 0, 0});
  CHECK(judged.any_at_all == 1);
  CHECK(judged.all_at_all == 0);
  CHECK(judged.none_of_nothing == 0);
  CHECK(judged.all_of_nothing == 1);
}

TEST_CASE("rows along an axis in the middle, and windows that move inside") {
  kerf::Context context(indexing::arena_bytes);
  std::array<float, rows * 4 * columns> y;
  std::iota(y.begin(), y.end(), 0.0f);
  const std::array<std::int64_t, 6> indices = {3, 0, -5, 1, 9, 2};
  std::array<float, rows * 6 * columns> found;
  std::array<float, rows * 2> window;
  Numbers updated;
  for (std::int64_t place : {-4, 0, 2, 3, 4, 9}) {
    indexing::taken(context, x, y, indices, place, found, window, updated);
    const int at = int(std::clamp<std::int64_t>(place, 0, columns - 2));
    const int to = int(std::clamp<std::int64_t>(place + 1, 0, columns - 2));
    for (int i = 0; i < rows; ++i) {
      for (int k = 0; k < 6; ++k)
        for (int j = 0; j < columns; ++j)
          CHECK(found[(i * 6 + k) * columns + j] ==
                y[(i * 4 + std::clamp<std::int64_t>(indices[k], 0, 3)) * columns + j]);
      for (int j = 0; j < columns; ++j) {
        const bool isNew = j >= to && j < to + 2;
        CHECK(updated[i * columns + j] ==
              (isNew ? 10 * x[i * columns + at + j - to] : x[i * columns + j]));
      }
      CHECK(window[i * 2] == x[i * columns + at]);
      CHECK(window[i * 2 + 1] == x[i * columns + at + 1]);
    }
  }
}

} // namespace
