// The scalar code of a kernel's region (codegen/schedule/scalar_region.h), written for many places
// at once: on registers, and on intervals of all that it may meet in a block.
#pragma once

#include "codegen/cpu/emit.h"

#include "mlir/IR/Region.h"

namespace kerf::codegen::cpu {

/// What the region yields. Arguments are scalars, the same in all lanes, or registers of `lanes`;
/// so are results. Narrow floats come and go as f32; operations on them round.
emit::Vals evaluate(emit::Emit &e, mlir::Region &region, llvm::ArrayRef<emit::Val> arguments,
                    int64_t lanes);

/// All numbers from low to high: of integers i64s, of i1 i1s, false below true. Null: any number.
struct Interval {
  emit::Val low, high;

  static Interval point(emit::Val x) { return {x, x}; }
  bool isKnown() const { return low.emit; }
};

/// The interval of the truth that a region yields first. It is never too narrow.
Interval truthOf(emit::Emit &e, mlir::Region &region, llvm::ArrayRef<Interval> arguments);

} // namespace kerf::codegen::cpu
