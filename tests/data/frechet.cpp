// Fréchet distances: NumPy's, and laws of them.
#include "models/cnn/frechet.h"
#include "safetensors.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace kerf::cnn;

namespace {
template <class Number> std::vector<Number> read(const std::string &name) {
  const kerf::runtime::SafetensorsFile file(KERF_GOLDEN "/frechet.safetensors");
  const size_t index = file.find(name);
  REQUIRE(index < file.size());
  std::vector<Number> values(file[index].bytes / sizeof(Number));
  file.read(index, values.data());
  return values;
}
constexpr int dims = 12;
} // namespace

TEST_CASE("frechet: NumPy's distance, from both sides", "[data]") {
  const Gaussian a = fit(read<float>("a"), dims), b = fit(read<float>("b"), dims);
  const double want = read<double>("distance")[0];
  CHECK(frechet_distance(a, b) == Approx(want).epsilon(1e-9));
  CHECK(frechet_distance(b, a) == Approx(want).epsilon(1e-9));
  CHECK(std::abs(frechet_distance(a, a)) < 1e-9 * want);
}

TEST_CASE("frechet: a shift costs its square, a scale the square of what it adds", "[data]") {
  std::vector<float> a = read<float>("a"), shifted = a, scaled = a;
  for (float &value : shifted)
    value += 3;
  for (float &value : scaled)
    value *= 2;
  const Gaussian one = fit(a, dims);
  double trace = 0, mean = 0;
  for (size_t i = 0; i < dims; ++i) {
    trace += one.covariance[i * dims + i];
    mean += one.mean[i] * one.mean[i];
  }
  CHECK(frechet_distance(one, fit(shifted, dims)) == Approx(9 * dims).epsilon(1e-5));
  CHECK(frechet_distance(one, fit(scaled, dims)) == Approx(trace + mean).epsilon(1e-9));
}

TEST_CASE("frechet: fewer vectors than numbers in one have a distance, too", "[data]") {
  const std::vector<float> a = read<float>("a");
  const std::span<const float> few(a.data(), 3 * dims);
  // Roots of what rounding leaves of eigenvalues that are 0: sqrt(1e-16) of the largest.
  const Gaussian own = fit(few, dims);
  double trace = 0;
  for (size_t i = 0; i < dims; ++i)
    trace += own.covariance[i * dims + i];
  CHECK(std::abs(frechet_distance(own, own)) < 1e-7 * trace);
  CHECK_THROWS_WITH(fit(few.first(dims), dims), "a covariance of 1 vectors, want 2 or more");
}

TEST_CASE("frechet: eigenvectors are orthonormal and give the matrix back", "[data]") {
  const std::vector<double> matrix = fit(read<float>("a"), dims).covariance;
  const Eigen found = eigen(matrix, dims);
  const auto v = [&](size_t row, size_t column) { return found.vectors[row * dims + column]; };
  for (size_t i = 0; i < dims; ++i)
    for (size_t j = 0; j < dims; ++j) {
      double product = 0, inner = 0;
      for (size_t k = 0; k < dims; ++k) {
        product += v(i, k) * found.values[k] * v(j, k);
        inner += v(k, i) * v(k, j);
      }
      CHECK(product == Approx(matrix[i * dims + j]).margin(1e-9));
      CHECK(inner == Approx(i == j).margin(1e-12));
    }
}
