// What of "The order of sums" in dsl/guide.md decides how a model is compiled.
#pragma once

#include <cstdint>

namespace kerf::compiler {

constexpr int64_t blockTerms = 32; ///< of a chain

/// How many sums of blocks live at most while `blocks` of them are added pairwise.
inline int64_t pairwiseLevels(int64_t blocks) {
  int64_t levels = 1;
  while (blocks >>= 1)
    ++levels;
  return levels;
}

/// Are the rows of a scatter-add so few for `count` updates that a long sum is to be expected, and
/// do the sums that wait take no more than a quarter of the updates' memory? Floats are added in
/// blocks then.
inline bool hasFewRows(int64_t rows, int64_t count) {
  return count > blockTerms && rows <= count / 4 / pairwiseLevels(count / blockTerms);
}

} // namespace kerf::compiler
