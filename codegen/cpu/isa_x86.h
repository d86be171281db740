// The levels of x86-64, and what kernels ask of them beyond arithmetic on lanes: instructions
// without an op, and orders of lanes that they have instructions for.
#pragma once

#include "codegen/cpu/emit.h"

namespace kerf::codegen::cpu {

struct Isa {
  const char *name;         ///< the target's
  const char *instructions; ///< as LLVM lists them
  int64_t lanes;            ///< f32 in a register
  uint64_t features;        ///< as bits of kerf_body
};

/// The best first.
llvm::ArrayRef<Isa> isas();
/// What the module's code is for.
const Isa &isaOf(mlir::ModuleOp module);
const Isa &isaOf(const emit::Emit &e);

} // namespace kerf::codegen::cpu

namespace kerf::codegen::cpu::emit {

/// A register of floats to the nearest i32, ties to even; what none is near to (a NaN too) becomes
/// -2^31.
Val nearestInt(Val x);
/// Lanes of pairs of signed 16-bit numbers: a.low * b.low + a.high * b.high in each i32 of
/// a register.
Val pairProducts(Val a, Val b);
/// The low half of each i32 of a beside the high half of b's.
Val lowHigh(Val a, Val b);
/// A mask as an integer of as many bits, lane 0 lowest.
Val maskBits(Val mask);
/// Eight rows of eight lanes, the columns of `rows`.
Vals transpose8(const Vals &rows);

} // namespace kerf::codegen::cpu::emit
