// Laws of quantizers to a grid, on the compiled code of tests/models/scalar_quantizers.cpp.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include <scalar_quantizers.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace {

namespace model = scalar_quantizers;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

template <class T = float> std::vector<T> numbers(std::size_t count, unsigned seed, double size) {
  std::minstd_rand random(seed);
  std::vector<T> result(count);
  for (T &x : result)
    x = T(size * (double(random() % 200001) / 100000 - 1));
  return result;
}

/// Round to a grid of `levels` integers, as the appendix of [Mentzer 2023] does, in f64.
struct Bound {
  int levels;
  double half() const { return (levels - 1) * (1 - 1e-3) / 2; }
  double offset() const { return levels % 2 ? 0 : 0.5; }
  double shift() const { return std::tan(offset() / half()); }
  int width() const { return levels / 2; }
  double operator()(double z) const { return std::tanh(z + shift()) * half() - offset(); }
  double inverse(double bounded) const {
    return std::atanh((bounded + offset()) / half()) - shift();
  }
};

struct Derivatives {
  double value = nan;
  std::vector<double> first = std::vector<double>(30), second = std::vector<double>(30);
};
void check_equal(const Derivatives &got, const Derivatives &want) {
  CHECK(got.value == Approx(want.value).epsilon(1e-12));
  double size[2] = {0, 0};
  for (int i = 0; i < 30; ++i) {
    size[0] = std::max(size[0], std::abs(want.first[i]));
    size[1] = std::max(size[1], std::abs(want.second[i]));
  }
  CHECK(size[0] > 0.1); // not equal for being 0
  CHECK(size[1] > 0.1);
  for (int i = 0; i < 30; ++i) {
    INFO("element " << i);
    CHECK(std::abs(got.first[i] - want.first[i]) <= 1e-12 * size[0]);
    CHECK(std::abs(got.second[i] - want.second[i]) <= 1e-12 * size[1]);
  }
}

struct Point {
  kerf::Context context{model::arena_bytes};
  kerf::Block<model::Input> input;
  std::vector<double> weight = numbers<double>(30, 2, 1), direction = numbers<double>(30, 3, 1);

  Point() {
    const auto z = numbers<double>(30, 1, 1.5);
    std::copy(z.begin(), z.end(), input->z.begin());
  }
};

} // namespace

TEST_CASE("fsq: values and codes are those of the formula, and decode to the same bits", "[fsq]") {
  kerf::Context context(model::arena_bytes);
  const auto z = numbers(140, 4, 3);
  std::array<int64_t, 35> codes;
  std::array<float, 140> output, decoded;
  model::fsq_mixed(context, z, codes, output, decoded);
  CHECK(decoded == output);
  const Bound bounds[] = {{8}, {5}, {2}, {3}};
  const int values[] = {1, 8, 40, 80};
  for (int row = 0; row < 35; ++row) {
    int code = 0;
    for (int i = 0; i < 4; ++i) {
      INFO("row " << row << " feature " << i);
      const double level = std::floor(bounds[i](z[row * 4 + i]) + 0.5);
      CHECK(output[row * 4 + i] == float(level / bounds[i].width()));
      code += values[i] * (int(level) + bounds[i].width());
    }
    CHECK(codes[row] == code);
  }
}

TEST_CASE("fsq: every code is reached, and by the preimage of its output", "[fsq]") {
  kerf::Context context(model::arena_bytes);
  const Bound bounds[] = {{8}, {5}, {2}, {3}};
  std::vector<int64_t> grid(240), codes(240);
  std::vector<float> z(960), output(960);
  for (int code = 0; code < 240; ++code) {
    grid[code] = code;
    int rest = code;
    for (int i = 0; i < 4; ++i) {
      const int level = rest % bounds[i].levels - bounds[i].width();
      rest /= bounds[i].levels;
      // The outermost levels are just out of the bound's range: take what rounds to them.
      z[code * 4 + i] =
          float(bounds[i].inverse(0.9 * (level + bounds[i].offset()) - bounds[i].offset()));
    }
  }
  model::fsq_grid(context, grid, z, output, codes);
  CHECK(codes == grid);
  for (float x : output)
    CHECK((x >= -1 && x <= 1));
  for (int i = 0; i < 4; ++i) // the first code is the lowest corner, the last the highest
    CHECK(output[i] == -1);
  CHECK(output[4 * 239 + 0] == 0.75f);
  CHECK(output[4 * 239 + 1] == 1);
  CHECK(output[4 * 239 + 2] == 0);
  CHECK(output[4 * 239 + 3] == 1);
}

TEST_CASE("fsq: first and second derivatives are those of the bound", "[fsq]") {
  Point point;
  Derivatives got, want;
  got.value = model::fsq_derivatives(point.context, point.input, point.weight, point.direction,
                                     got.first, got.second)
                  .value;
  const Bound bounds[] = {{4}, {3}, {7}, {2}, {6}};
  std::array<double, 5> half, offset, shift, width;
  for (int i = 0; i < 5; ++i) {
    half[i] = bounds[i].half();
    offset[i] = bounds[i].offset();
    shift[i] = bounds[i].shift();
    width[i] = bounds[i].width();
  }
  want.value = model::fsq_formula(point.context, point.input, point.weight, point.direction, half,
                                  offset, shift, width, want.first, want.second)
                   .value;
  check_equal(got, want);
  for (int k = 0; k < 30; ++k) { // and by hand
    const int i = k % 5;
    const double z = point.input->z.begin()[k], w = point.weight[k];
    const double t = std::tanh(z + shift[i]), slope = half[i] * (1 - t * t) / width[i];
    const double y = std::floor(t * half[i] - offset[i] + 0.5) / width[i];
    CHECK(got.first[k] == Approx(2 * w * y * slope).epsilon(1e-10).margin(1e-12));
    CHECK(got.second[k] == Approx(point.direction[k] * 2 * w * (slope * slope - 2 * y * t * slope))
                               .epsilon(1e-10)
                               .margin(1e-12));
  }
}

TEST_CASE("lfq: signs and bits; quantized values stay; codes decode to the same bits", "[lfq]") {
  kerf::Context context(model::arena_bytes);
  auto z = numbers(165, 5, 1);
  z[0] = 0;
  z[6] = -0.0f;
  z[12] = std::numeric_limits<float>::denorm_min();
  std::array<int64_t, 33> codes;
  std::array<float, 165> output, decoded, again;
  const auto losses = model::lfq_odd(context, z, codes, output, decoded, again);
  CHECK(decoded == output);
  CHECK(again == output);
  double commitment = 0, entropy = 0;
  std::array<double, 32> usage{};
  for (int row = 0; row < 33; ++row) {
    int code = 0;
    for (int i = 0; i < 5; ++i) {
      const float x = z[row * 5 + i], sign = x > 0 ? 1 : -1;
      CHECK(output[row * 5 + i] == sign);
      code += x > 0 ? 1 << i : 0;
      commitment += (x - sign) * (x - sign) / 165;
    }
    CHECK(codes[row] == code);
    std::array<double, 32> p;
    double total = 0;
    for (int c = 0; c < 32; ++c) {
      double distance = 0;
      for (int i = 0; i < 5; ++i)
        distance += std::pow(z[row * 5 + i] - (c >> i & 1 ? 1 : -1), 2);
      total += p[c] = std::exp(-distance / 0.5);
    }
    for (int c = 0; c < 32; ++c) {
      entropy -= p[c] / total * std::log(p[c] / total) / 33;
      usage[c] += p[c] / total / 33;
    }
  }
  double diversity = 0;
  for (double p : usage)
    diversity += p * std::log(p);
  CHECK(losses.commitment == Approx(commitment).epsilon(1e-5));
  CHECK(losses.entropy == Approx(entropy).epsilon(1e-5));
  CHECK(losses.diversity == Approx(diversity).epsilon(1e-5));
}

TEST_CASE("lfq: masked rows have no code and no part in losses, NaN included", "[lfq]") {
  kerf::Context context(model::arena_bytes);
  auto z = numbers(60, 8, 1);
  std::array<bool, 12> real;
  std::vector<float> alone;
  for (int row = 0; row < 12; ++row) {
    real[row] = row % 5 < 3 && row != 6;
    if (real[row])
      alone.insert(alone.end(), z.begin() + row * 5, z.begin() + row * 5 + 5);
    else
      z[row * 5 + row % 5] = std::numeric_limits<float>::quiet_NaN();
  }
  std::array<int64_t, 12> codes;
  std::array<float, 60> output;
  const auto losses = model::lfq_masked(context, z, real, alone, codes, output);
  for (int row = 0; row < 12; ++row) {
    CHECK((codes[row] >= 0) == real[row]);
    for (int i = 0; i < 5; ++i)
      CHECK(output[row * 5 + i] == (real[row] ? (z[row * 5 + i] > 0 ? 1 : -1) : 0));
  }
  CHECK(losses.commitment == Approx(losses.its_commitment).epsilon(1e-6));
  CHECK(losses.entropy == Approx(losses.its_entropy).epsilon(1e-6));
  CHECK(losses.diversity == Approx(losses.its_diversity).epsilon(1e-6));
}

TEST_CASE("lfq: 52 bits are exact", "[lfq]") {
  kerf::Context context(model::arena_bytes);
  auto z = numbers(156, 6, 1);
  std::fill_n(z.begin(), 52, 1.0f);
  std::array<int64_t, 3> codes;
  std::array<float, 156> decoded;
  model::lfq_wide(context, z, codes, decoded);
  CHECK(codes[0] == (int64_t(1) << 52) - 1);
  for (int row = 0; row < 3; ++row)
    for (int i = 0; i < 52; ++i) {
      CHECK((codes[row] >> i & 1) == (z[row * 52 + i] > 0));
      CHECK(decoded[row * 52 + i] == (z[row * 52 + i] > 0 ? 1 : -1));
    }
}

TEST_CASE("lfq: the batch's entropy is exact up to 20 bits, then a bound", "[lfq]") {
  kerf::Context context(model::arena_bytes);
  const auto z = numbers(180, 7, 0.5);
  std::vector<float> wider(189); // with one bit more, which is equally likely to be 0 and 1
  std::vector<double> marginal(20);
  for (int row = 0; row < 9; ++row)
    for (int i = 0; i < 20; ++i) {
      wider[row * 21 + i] = z[row * 20 + i];
      marginal[i] += 1 / (1 + std::exp(-4.0 * z[row * 20 + i])) / 9;
    }
  const auto [exact, bound] = model::lfq_bound(context, z, wider);
  double independent = std::log(0.5);
  for (double p : marginal)
    independent += p * std::log(p) + (1 - p) * std::log(1 - p);
  CHECK(bound == Approx(independent).epsilon(1e-5));
  CHECK(exact + std::log(0.5) > bound + 0.1);

  // All 2^20 probabilities, as products.
  std::vector<double> usage(1 << 20);
  for (int row = 0; row < 9; ++row) {
    std::vector<double> p{1.0 / 9};
    for (int i = 0; i < 20; ++i) {
      const double upper = 1 / (1 + std::exp(-4.0 * z[row * 20 + i]));
      const std::size_t size = p.size();
      for (std::size_t c = 0; c < size; ++c)
        p.push_back(p[c] * upper);
      for (std::size_t c = 0; c < size; ++c)
        p[c] *= 1 - upper;
    }
    for (std::size_t c = 0; c < usage.size(); ++c)
      usage[c] += p[c];
  }
  double diversity = 0;
  for (double p : usage)
    diversity += p * std::log(p);
  CHECK(exact == Approx(diversity).epsilon(1e-5));
}

TEST_CASE("lfq: derivatives are those of a softmax over all codes", "[lfq]") {
  Point point;
  std::vector<double> codes(160);
  for (int c = 0; c < 32; ++c)
    for (int i = 0; i < 5; ++i)
      codes[c * 5 + i] = c >> i & 1 ? 1 : -1;
  Derivatives got, want;
  got.value = model::lfq_derivatives(point.context, point.input, point.weight, point.direction,
                                     got.first, got.second)
                  .value;
  want.value = model::lfq_formula(point.context, point.input, point.weight, point.direction, codes,
                                  want.first, want.second)
                   .value;
  check_equal(got, want);
}
