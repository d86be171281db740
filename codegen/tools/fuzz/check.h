// One module of random programs: compiled, fused and not, compared with the oracle.
#pragma once

#include "codegen/target.h"

#include "mlir/IR/BuiltinOps.h"

#include <cstdint>
#include <string>
#include <vector>

namespace kerf::codegen::fuzz {

/// What is wrong, with which program (empty: with one of them).
struct Finding {
  std::string program;
  std::string kind; ///< "differs", "died" …: what is shrunk keeps its kind
  std::string text;
};

/// From so many on scores are run by blocks, of so many: families run at the sizes of programs
/// here, which are several blocks.
inline constexpr std::int64_t fewScores = 64;

struct Limits {
  std::uint64_t inputs = 1; ///< seed of the arguments
  double tolerance = 1e-4;
  double seconds = 20; ///< of CPU time, for each program of a module
  /// What is compiled for one is for the last.
  std::vector<Target> targets = allTargets(Sharing::always());
};

struct Outcome {
  std::vector<Finding> findings;
  std::int64_t decided = 0;         ///< programs some of whose choices rounding took
  std::vector<std::string> covered; ///< ops in what was compiled
};

/// Runs every entry of `module` in a worker that may crash, hang, or want too much memory.
Outcome check(mlir::ModuleOp module, const Limits &limits);

} // namespace kerf::codegen::fuzz
