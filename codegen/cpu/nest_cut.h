// How the loops of a nest are cut into tasks: by shapes alone.
#pragma once

#include "codegen/schedule/loop_nest.h"

namespace kerf::codegen::cpu {

struct NestCut {
  enum class Into {
    one,    ///< too little work to be cut
    outer,  ///< ranges of the outermost loops
    chunks, ///< ranges of the last parallel loop, for each iteration of those before it
    groups  ///< blocks of a long sum: each task has a complete subtree of those that are pairwise
            ///< added
  } into = Into::one;
  unsigned loops = 0; ///< `outer`: so many are walked as one; `chunks`: all but the last parallel
  int64_t iterations = 1; ///< of these
  int64_t grain = 1;      ///< `outer`: iterations in a task; `chunks`: of the last parallel loop
  int64_t groupBlocks = 0,
          groups = 0; ///< `groups`: a power of two, and how many tasks an output has
};

/// `numParallel` loops stand before the reduced ones; the last of them goes in lanes if `hasLanes`.
/// `cutsTerms`: the reduction is a sum that rounds, and is taken in blocks.
NestCut cutOf(const Nest &nest, unsigned numParallel, bool hasLanes, bool cutsTerms,
              int64_t taskWork);

} // namespace kerf::codegen::cpu
