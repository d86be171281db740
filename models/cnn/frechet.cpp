// Eigenvalues by rotations.
#include "models/cnn/frechet.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace kerf::cnn {
namespace {

/// A square matrix.
struct Matrix {
  std::vector<double> &elements;
  size_t n;
  double &operator()(size_t row, size_t column) const { return elements[row * n + column]; }
};

/// a b, for matrices of n x n.
std::vector<double> product(const std::vector<double> &a, const std::vector<double> &b, size_t n) {
  std::vector<double> c(n * n);
  for (size_t i = 0; i < n; ++i)
    for (size_t k = 0; k < n; ++k)
      for (size_t j = 0; j < n; ++j)
        c[i * n + j] += a[i * n + k] * b[k * n + j];
  return c;
}

/// V diag(values) V^T
std::vector<double> composed(const Eigen &eigen, size_t n) {
  std::vector<double> matrix(n * n);
  for (size_t i = 0; i < n; ++i)
    for (size_t j = 0; j < n; ++j)
      for (size_t k = 0; k < n; ++k)
        matrix[i * n + j] += eigen.vectors[i * n + k] * eigen.values[k] * eigen.vectors[j * n + k];
  return matrix;
}

/// Roots of eigenvalues; those that rounding made negative are 0.
std::vector<double> roots(std::vector<double> values) {
  for (double &value : values)
    value = std::sqrt(std::max(value, 0.0));
  return values;
}

/// Turns the axes p and q so that a(p, q) becomes 0.
void rotate(Matrix a, Matrix v, size_t p, size_t q) {
  const double theta = (a(q, q) - a(p, p)) / (2 * a(p, q));
  const double t = std::copysign(1 / (std::abs(theta) + std::hypot(theta, 1)), theta);
  const double c = 1 / std::hypot(t, 1), s = t * c;
  const auto turn = [&](double &x, double &y) {
    const double old = x;
    x = c * old - s * y;
    y = s * old + c * y;
  };
  for (size_t k = 0; k < a.n; ++k)
    turn(a(k, p), a(k, q));
  for (size_t k = 0; k < a.n; ++k)
    turn(a(p, k), a(q, k));
  for (size_t k = 0; k < a.n; ++k)
    turn(v(k, p), v(k, q));
}

} // namespace

Eigen eigen(std::vector<double> matrix, int dims) {
  const auto n = static_cast<size_t>(dims);
  Eigen eigen{std::vector<double>(n), std::vector<double>(n * n)};
  const Matrix a{matrix, n}, v{eigen.vectors, n};
  double norm = 0;
  for (size_t i = 0; i < n; ++i)
    v(i, i) = 1;
  for (double element : matrix)
    norm += element * element;
  for (int sweep = 0; sweep < 50; ++sweep) {
    double beside = 0;
    for (size_t p = 0; p < n; ++p)
      for (size_t q = p + 1; q < n; ++q)
        beside += a(p, q) * a(p, q);
    if (!(beside > 1e-30 * norm))
      break;
    for (size_t p = 0; p < n; ++p)
      for (size_t q = p + 1; q < n; ++q)
        if (a(p, q) != 0)
          rotate(a, v, p, q);
  }
  for (size_t i = 0; i < n; ++i)
    eigen.values[i] = a(i, i);
  return eigen;
}

Gaussian fit(std::span<const float> values, int dims) {
  const auto n = static_cast<size_t>(dims), count = values.size() / n;
  if (count < 2)
    throw std::runtime_error("a covariance of " + std::to_string(count) +
                             " vectors, want 2 or more");
  Gaussian gaussian{std::vector<double>(n), std::vector<double>(n * n)};
  for (size_t row = 0; row < count; ++row)
    for (size_t i = 0; i < n; ++i)
      gaussian.mean[i] += values[row * n + i] / static_cast<double>(count);
  std::vector<double> centred(n);
  for (size_t row = 0; row < count; ++row) {
    for (size_t i = 0; i < n; ++i)
      centred[i] = values[row * n + i] - gaussian.mean[i];
    for (size_t i = 0; i < n; ++i)
      for (size_t j = 0; j < n; ++j)
        gaussian.covariance[i * n + j] += centred[i] * centred[j] / static_cast<double>(count - 1);
  }
  return gaussian;
}

/// The eigenvalues of C1 C2 are those of the symmetric R C2 R, with R R = C1.
double frechet_distance(const Gaussian &a, const Gaussian &b) {
  const size_t n = a.mean.size();
  const int dims = static_cast<int>(n);
  Eigen root = eigen(a.covariance, dims);
  root.values = roots(root.values);
  const std::vector<double> r = composed(root, n);
  double distance = 0;
  for (double value : roots(eigen(product(product(r, b.covariance, n), r, n), dims).values))
    distance -= 2 * value;
  for (size_t i = 0; i < n; ++i) {
    const double apart = a.mean[i] - b.mean[i];
    distance += apart * apart + a.covariance[i * n + i] + b.covariance[i * n + i];
  }
  return distance;
}

} // namespace kerf::cnn
