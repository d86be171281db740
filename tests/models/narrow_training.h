// Is a training with products in bf16 that of f32? By its losses, and by what it keeps.
#pragma once

#include "kerf_runtime.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <span>
#include <vector>

namespace narrow_training {

constexpr double most_apart = 0.01; // of the loss of f32
constexpr int window = 20, last = 50;

inline double mean(std::span<const double> numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), 0.0) / double(numbers.size());
}

/// Prints both losses; are they within a percent of each other: the mean of the last steps, and
/// every mean of `window` steps?
inline bool are_close(const char *name, const std::vector<double> &f32,
                      const std::vector<double> &bf16) {
  const auto end = [](const std::vector<double> &losses) {
    return mean(std::span(losses).last(std::min<std::size_t>(last, losses.size())));
  };
  double apart = 0;
  std::size_t at = 0;
  for (std::size_t i = 0; i + window <= f32.size(); ++i) {
    const double wide = mean(std::span(f32).subspan(i, window)),
                 narrow = mean(std::span(bf16).subspan(i, window));
    const double here = std::abs(narrow - wide) / wide;
    if (!(here <= apart)) // NaN, too
      apart = here, at = i;
  }
  const double wide = end(f32), narrow = end(bf16);
  std::printf("%s: %zu steps, loss %.5f to %.5f, and to %.5f: %+.3f %%; means of %d steps at "
              "most %.3f %% apart, from step %zu\n",
              name, f32.size(), f32.front(), wide, narrow, 100 * (narrow - wide) / wide, window,
              100 * apart, at);
  if (!(std::abs(narrow - wide) <= most_apart * wide) || !(apart <= most_apart)) {
    std::printf("%s: more than %g %% apart\n", name, 100 * most_apart);
    return false;
  }
  if (f32 == bf16) {
    std::printf("%s: the losses are the same, so nothing is computed in bf16\n", name);
    return false;
  }
  return wide < 0.8 * f32.front();
}

/// Are all numbers of a block f32, but for counters?
inline bool is_f32(const kerf_block &block) {
  return std::all_of(block.leaves, block.leaves + block.num_leaves, [](const kerf_leaf &leaf) {
    const bool is_wide = leaf.dtype.code == kDLFloat && leaf.dtype.bits == 32;
    if (!is_wide && leaf.dtype.code != kDLInt)
      std::printf("%s is no f32\n", leaf.name);
    return is_wide || leaf.dtype.code == kDLInt;
  });
}

/// Steps on the command line, or `otherwise`.
inline int steps_of(int argc, char **argv, int otherwise) {
  return argc > 1 ? std::max(std::atoi(argv[1]), window) : otherwise;
}

} // namespace narrow_training
