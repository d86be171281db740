// The constants of "The order of sums" in dsl/guide.md, on every target.
#pragma once

#include <cstdint>

namespace kerf::codegen {

/// Terms of a block: of a chain, and of each of the sums that a row's elements go to in turn.
constexpr int64_t blockTerms = 32;
constexpr int64_t rowSums = 16;
constexpr int64_t blockElements = blockTerms * rowSums; ///< of a row

/// How many sums of blocks live at most while `blocks` of them are added pairwise.
inline int64_t pairwiseLevels(int64_t blocks) {
  int64_t levels = 1;
  while (blocks >>= 1)
    ++levels;
  return levels;
}

} // namespace kerf::codegen
