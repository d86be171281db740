// The constants of "The order of sums" in dsl/guide.md, on every target.
#pragma once

#include "compiler/sum_order.h"

namespace kerf::codegen {

/// Terms of a block: of a chain, and of each of the sums that a row's elements go to in turn.
using compiler::blockTerms;
constexpr int64_t rowSums = 16;
constexpr int64_t blockElements = blockTerms * rowSums; ///< of a row

using compiler::pairwiseLevels;

} // namespace kerf::codegen
