// What the libraries of the benches of ops have in common.
#pragma once

#include <algorithm>
#include <cmath>

namespace kerf::bench {

/// |a - b| / |b| over all elements, b in f64; NaN in a gives NaN.
struct RelativeL2 {
  double error = 0, norm = 0;
  void add(double got, double want) {
    error += (got - want) * (got - want);
    norm += want * want;
  }
  double value() const { return std::sqrt(error / std::max(norm, 1e-300)); }
};

} // namespace kerf::bench
