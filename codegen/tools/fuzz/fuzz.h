// kerf-run --fuzz: random programs against the oracle.
#pragma once

#include "codegen/tools/fuzz/check.h"

#include <cstdint>
#include <string>

namespace kerf::codegen::fuzz {

struct Options {
  std::uint64_t seed = 0, first = 0, count = 300;
  std::string folder = "."; ///< where shrunk programs are written
  int tries = 400;          ///< to take something away from a failing program
  bool print = false;       ///< print the programs and do no more
  Limits limits;
};

/// Programs `first` to `first + count - 1` of `seed`. True if none shows a difference.
bool run(const Options &options);

} // namespace kerf::codegen::fuzz
