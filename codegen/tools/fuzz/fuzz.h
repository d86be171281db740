// kerf-run --fuzz: random programs against the oracle.
#pragma once

#include "codegen/tools/fuzz/check.h"

#include "mlir/IR/MLIRContext.h"

#include <cstdint>
#include <string>

namespace kerf::codegen::fuzz {

struct Options {
  std::uint64_t seed = 0, first = 0, count = 300;
  std::string folder = "."; ///< where shrunk programs are written
  int tries = 400;          ///< to take something away from a failing program
  bool print = false;       ///< print the programs and do no more
  bool open = false;        ///< of programs whose leading dim is open: against those bound
  Limits limits;
};

/// Open programs against bound ones, bit for bit, for few rows and many. Some are not alike for all
/// rows, or are refused when they are compiled; false too if more than nine of ten are.
bool runOpen(mlir::MLIRContext &context, const Options &options);

/// Programs `first` to `first + count - 1` of `seed`. True if none shows a difference.
bool run(const Options &options);

} // namespace kerf::codegen::fuzz
