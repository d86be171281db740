// What an entry runs: every call of a kernel or of a loop nest, its work and its memory traffic.
#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

#include <string>
#include <vector>

namespace kerf::codegen {

class Backend;

/// The machine that floor times are of: round numbers, so that a report says the same everywhere.
struct NominalMachine {
  double gflops = 100; ///< per second; about 3 GHz with 16 f32 FMAs at once
  double gbytes = 20;  ///< per second, to and from memory
};
constexpr NominalMachine nominalMachine;

/// One call in an entry's body. If it stands in a loop, flops, bytes and floor are of all its
/// `times`, the most that there can be; both branches of a cond are called once.
///
/// Flops: an operation counts one, be it +, * or a comparison, on floats or integers, be it exp;
/// an FMA counts two; casts, selections and constants count none, nor does what draws compute.
/// Bytes: what its operands span, each input once, each result once; only the rows that a gather
/// can look up of its table.
struct PlannedCall {
  std::string kernel; ///< "gemm"; of loop nests "fill", "copy", "map" or "reduce"
  bool isNest = false;
  std::string line;           ///< of the model: "vqvae/vqvae.h:71"
  std::vector<int64_t> sizes; ///< the kernel's; the extents of a nest's loops, without those of one
  int64_t times = 1;
  int64_t flops = 0, bytes = 0;
  int64_t scratchBytes = 0; ///< of memory that only the kernel uses; not in `bytes`
  int64_t ownBytes = 0;     ///< of the same, each worker's
  int64_t arenaBytes = 0;   ///< of its results and scratch, where these lie in the arena

  /// The least time on the nominal machine, which computes and moves at once.
  double floorMicroseconds() const;
};

struct EntryPlan {
  std::string entry;
  std::vector<PlannedCall> calls; ///< in the order of the body
  int64_t arenaBytes = 0;
  int64_t workerBytes = 0; ///< the most that a call needs of each worker, a multiple of 64

  /// Of all calls: a call of that many, with the sums of all figures but the arena's.
  PlannedCall total() const;
  int64_t kernelFlops() const;      ///< without those of loop nests
  double floorMicroseconds() const; ///< one call after the other
};

/// How often a loop runs at most: what its bound is computed from says it. A branch runs once.
int64_t mostIterations(mlir::scf::ForOp loop);

/// What one run of `op` does, a kernel's call or a loop nest.
PlannedCall describeCall(mlir::Operation *op, bool startsFromConstant, const Backend &backend);

/// The plan of `entry`, whose memory is planned and whose body is prepared.
EntryPlan describePlan(mlir::func::FuncOp entry, int64_t arenaBytes, const Backend &backend);

} // namespace kerf::codegen
