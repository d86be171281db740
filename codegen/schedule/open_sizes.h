// What depends on the number of rows that a call of an open entry has.
//
// All code takes its sizes, strides and offsets as numbers. Those of an open entry are polynomials
// in the rows, found from the entry and its companions (compiler/open.h), which are compiled alike
// up to here for three numbers of rows. So a call runs what an entry bound to its rows would run,
// on buffers that lie compact as that one's do: rows beyond are nowhere. Only the arena's places
// are those of the most rows. What is no such polynomial, or is compiled otherwise for another
// number of rows, is refused.
#pragma once

#include "codegen/schedule/kernel.h"
#include "codegen/schedule/kernel_op.h"

#include "compiler/open.h"

namespace kerf::codegen {

/// The numbers that code for `op` takes, in an order of their own: of a loop nest its extents, then
/// the strides of each operand; of a kernel its sizes; of a constant its value. Then, of each
/// buffer, where it begins: the constant, and the factors of what loops count. On buffers.
/// `numSizes`: how many are of the first kind.
mlir::FailureOr<llvm::SmallVector<int64_t>> numbersOf(mlir::Operation *op,
                                                      size_t *numSizes = nullptr);

/// `numbersOf` as they depend on the rows; constant in an entry that is not open.
mlir::FailureOr<llvm::SmallVector<compiler::OpenNumber>> openNumbersOf(mlir::Operation *op);

/// Notes on the ops of an open entry which numbers depend on the rows, and how. `companions` are
/// its own, and all have come through the same steps. Fails with a diagnostic.
mlir::LogicalResult findOpenNumbers(mlir::func::FuncOp entry,
                                    llvm::ArrayRef<mlir::func::FuncOp> companions,
                                    const Backend &backend);

/// The ops of an open entry in its companions, and the rows of all three, the entry's first.
struct Twins {
  llvm::SmallVector<llvm::DenseMap<mlir::Operation *, mlir::Operation *>> ops;
  llvm::SmallVector<int64_t> rows;
};

/// Fails, with a diagnostic, if a view may leave its buffer in a call with some number of rows.
/// What ops ask of their operands has been checked on the entry as emitted (compiler/open.h), and
/// what they become asks no more; this is what the memory of a caller is not left to. On an entry
/// whose open numbers are noted.
mlir::LogicalResult checkViews(mlir::func::FuncOp entry, const Twins &twins);

/// Fails, with a diagnostic, if an open entry computes a function of its rows alone whose rounding
/// is another when it is folded: then a bound entry has other bits. On tensors, lowered.
mlir::LogicalResult checkCounts(mlir::func::FuncOp entry);

/// What a call of a kernel needs beside its operands, whatever rows it has: not always most with
/// most rows.
Scratch mostScratch(KernelOp kernel, const Backend &backend);

} // namespace kerf::codegen
