// The values of works.cpp.
#include <works.h>

#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include <array>
#include <cmath>

namespace {

const std::array<float, 4> x = {1, -2, 0.5, 4};

TEST_CASE("functions named like options, and a result named without bind") {
  kerf::Context context(works::arena_bytes);
  std::array<float, 4> y;
  works::options_taken(context, x, y);
  for (int i = 0; i < 4; ++i)
    CHECK(y[i] == 0.5f * x[i] + 1);
}

TEST_CASE("functions named like the language's") {
  kerf::Context context(works::arena_bytes);
  std::array<float, 4> y;
  works::functions_taken(context, x, y);
  for (int i = 0; i < 4; ++i)
    CHECK(y[i] == 4 * x[i] - 3);
}

TEST_CASE("gradients in a let and in an expression") {
  kerf::Context context(works::arena_bytes);
  std::array<float, 4> of_let, of_expression;
  works::slopes(context, x, of_let, of_expression);
  for (int i = 0; i < 4; ++i) {
    CHECK(of_let[i] == 4 * x[i]);
    CHECK(of_expression[i] == 6 * x[i]);
  }
}

TEST_CASE("tables of constants are what was written") {
  kerf::Context context(works::arena_bytes);
  const std::array<float, 3> y = {10, 20, 30};
  std::array<float, 4> listed;
  std::array<float, 8> of_arrays, of_span;
  std::array<float, 6> named;
  std::array<std::int64_t, 4> whole;
  std::array<float, 6> of_file;
  std::array<std::int32_t, 3> of_bytes;
  works::tables(context, x, y, listed, of_arrays, of_span, named, whole, of_file, of_bytes);
  const std::array<float, 4> weights = {1, 2.5, -3, 0.1f};
  const float columns[2][4] = {{0.1f, 0.2f, 0.3f, 0.4f}, {-1, -2, -3, -4}};
  for (int j = 0; j < 4; ++j) {
    CHECK(listed[j] == x[j] * weights[j]);
    for (int i = 0; i < 2; ++i) {
      const float scaled = columns[i][j] * weights[j];
      CHECK(of_arrays[4 * i + j] == float(4 * i + j + 1) + scaled);
      CHECK(of_span[4 * i + j] == 2 * float((4 * i + j) * (4 * i + j)));
    }
  }
  for (int i = 0; i < 6; ++i)
    CHECK(named[i] == y[i / 2] + float(i + 1));
  CHECK(whole == std::array<std::int64_t, 4>{2147483647, 1, 0, 1});
  CHECK(of_file == std::array<float, 6>{0.5, 1.5, 2.5, 3.5, 4.5, 5.5});
  CHECK(of_bytes == std::array<std::int32_t, 3>{-1, 0, 65536});
}

TEST_CASE("buffers are zero at first, and are not trained") {
  kerf::Context context(works::arena_bytes);
  kerf::Block<works::Params> params;
  kerf::Block<works::Adam> adam;
  works::init(context, params, adam, kerf::RandomKey(1));
  const float weight = params->line.weight(0, 0);
  std::array<float, 8> rows = {1, 2, 3, 4, 5, 6, 7, 8};
  for (int step = 0; step < 10; ++step)
    CHECK(works::train(context, params, adam, rows).of_buffers == 0);
  for (int i = 0; i < 3; ++i) {
    CHECK(params->class_weights(i) == 2);
    CHECK(adam->m.class_weights(i) == 0);
  }
  CHECK(params->seen() == 10);
  CHECK(params->line.weight(0, 0) != weight);
}

/// The first step of Adam moves every parameter by its rate, against the sign of its gradient, up
/// to epsilon; what f32 on the way would lose shows at 1e-7.
TEST_CASE("parameters of f64 are drawn, and trained in f64") {
  kerf::Context context(works::arena_bytes);
  kerf::Block<works::Wide> wide;
  kerf::Block<works::WideAdam> adam;
  works::init_f64(context, wide, adam, kerf::RandomKey(2));
  std::array<double, 3> bias;
  for (int i = 0; i < 3; ++i) {
    bias[i] = wide->bias(i);
    CHECK(bias[i] != 0);
  }
  std::array<double, 8> rows = {};
  works::train_f64(context, wide, adam, rows);
  for (int i = 0; i < 3; ++i) {
    const double gradient = 4 * bias[i]; // of two equal rows
    const double moved = 0.125 * gradient / (std::abs(gradient) + 1e-8);
    CHECK(wide->bias(i) == Approx(bias[i] - moved).epsilon(1e-14));
  }
}

TEST_CASE("named dims in the place of numbers") {
  kerf::Context context(works::arena_bytes);
  const std::array<float, 9> scores = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  std::array<float, 16> queue, next;
  for (int i = 0; i < 16; ++i)
    queue[i] = float(i + 1);
  const std::array<float, 6> keys = {-1, -2, -3, -4, -5, -6};
  std::array<float, 9> hot;
  std::array<float, 6> last, sums;
  std::array<float, 14> padded;
  std::array<std::int64_t, 2> chosen;
  std::array<float, 2> doubled;
  const auto [contrast, share] = works::named(context, scores, queue, keys, kerf::RandomKey(3),
                                              next, hot, last, padded, chosen, sums, doubled);
  const double log_sum = std::log(std::exp(-1.) + 1 + std::exp(1.)); // less the middle of a row
  CHECK(contrast == Approx(log_sum + 15));
  for (int i = 0; i < 16; ++i)
    CHECK(next[i] == (i < 6 ? keys[i] : queue[i - 6]));
  for (int i = 0; i < 9; ++i)
    CHECK(hot[i] == (i % 4 == 0));
  for (int i = 0; i < 6; ++i)
    CHECK(last[i] == queue[10 + i]);
  for (int i = 0; i < 14; ++i)
    CHECK(padded[i] == (i >= 6 && i < 12 ? keys[i - 6] : 0));
  CHECK((chosen[0] != chosen[1] && chosen[0] >= 0 && chosen[0] < 3 && chosen[1] >= 0 &&
         chosen[1] < 3));
  CHECK((sums[0] == 1 && sums[2] == 3 && sums[4] == 5 + 7 + 9 + 11 + 13 + 15));
  CHECK((doubled[0] == -3 * 8 && doubled[1] == -4 * 8));
  CHECK(share == 1 / 6.f);
}

TEST_CASE("operators of truths and integers") {
  kerf::Context context(works::arena_bytes);
  const std::array<std::int64_t, 4> n = {-4, 3, 0, 7};
  std::array<bool, 4> inside, outside, either;
  std::array<std::int64_t, 4> rest, low_bits, shifted;
  works::truths(context, x, n, inside, outside, either, rest, low_bits, shifted);
  for (int i = 0; i < 4; ++i) {
    CHECK(inside[i] == (x[i] > 0 && x[i] < 2));
    CHECK(outside[i] == !inside[i]);
    CHECK(either[i] == (x[i] > 1 || n[i] == 3));
    CHECK(rest[i] == (n[i] % 3 + 3) % 3);
    CHECK(low_bits[i] == ((n[i] & 1) | (~n[i] & 2)));
    CHECK(shifted[i] == (n[i] * 4 / 2 ^ 1));
  }
}

TEST_CASE("draws in a loop within a loop, and within a loss") {
  kerf::Context context(works::arena_bytes);
  const std::array<float, 3> x = {1, 2, 3};
  std::array<float, 3> walk, unrolled, slopes;
  works::walks(context, x, kerf::RandomKey(5), walk);
  works::walks_unrolled(context, x, kerf::RandomKey(5), unrolled);
  CHECK(walk == unrolled);
  works::slopes_of_walk(context, x, kerf::RandomKey(5), slopes);
  for (int i = 0; i < 3; ++i)
    CHECK((std::isfinite(slopes[i]) && slopes[i] != x[i])); // where the walk ends
}

} // namespace
