// How many codes are in use, if all were as often used as one another.
#pragma once

#include <cmath>
#include <span>

namespace kerf::data {

/// exp of the entropy of shares that add up to 1.
inline double perplexity(std::span<const double> shares) {
  double entropy = 0;
  for (double share : shares)
    entropy -= share > 0 ? share * std::log(share) : 0;
  return std::exp(entropy);
}

} // namespace kerf::data
