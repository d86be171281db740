// The Fréchet distance of two sets of vectors, each taken for a normal distribution.
#pragma once

#include <span>
#include <vector>

namespace kerf::cnn {

/// A normal distribution.
struct Gaussian {
  std::vector<double> mean;       // n
  std::vector<double> covariance; // n x n, symmetric
};

/// Mean and covariance of the rows of `values`, of `dims` numbers each; the covariance is divided
/// by their number less one. Throws std::runtime_error for less than two rows.
Gaussian fit(std::span<const float> values, int dims);

/// |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)): 0 for equal ones, and below 0 by rounding alone.
/// [Dowson 1982; of features of a classifier: Heusel 2017]
double frechet_distance(const Gaussian &a, const Gaussian &b);

/// A symmetric matrix as V diag(values) V^T; the columns of V are orthonormal. Cyclic rotations
/// until what stands beside the diagonal is rounding; n^3 operations in each of about ten sweeps.
/// [Jacobi 1846]
struct Eigen {
  std::vector<double> values;  // n
  std::vector<double> vectors; // n x n: V
};
Eigen eigen(std::vector<double> matrix, int n);

} // namespace kerf::cnn
