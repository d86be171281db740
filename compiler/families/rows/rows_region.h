// Ops that treat every row alike => kerf.rows.
#pragma once

#include "compiler/families/rows/row_axes.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"

namespace kerf::compiler::rows {

/// What is to run for one block of rows after another. Rows may be along any axis of what comes in
/// sliced and of what goes out: where slices of rows lie apart in memory, a copy brings them
/// together.
struct Region {
  llvm::SetVector<mlir::Operation *> ops;      ///< in program order, see `sort`
  llvm::SetVector<mlir::Value> sliced, whole;  ///< what they read from outside
  llvm::DenseSet<mlir::OpOperand *> wholeUses; ///< of what is whole and has rows here, too
  llvm::SmallVector<mlir::Operation *> pieces; ///< whose results leave it, row by row
  llvm::SmallVector<mlir::Operation *> sums;   ///< whose results, sums over rows, leave it

  void sort();
};

/// A divisor of `rows` that is more than half of `most`; `most` if there is none, or `rows`.
int64_t blockBelow(int64_t most, int64_t rows);

/// Makes kerf.rows of a region that leaves something, and another for the rows behind the last
/// whole block. `axes`: of every value that has rows. `made`: what stands for a value that an
/// earlier region gave; gets what this one gives.
void build(mlir::OpBuilder &b, mlir::Location location, const Region &region,
           const llvm::DenseMap<mlir::Value, int> &axes, int64_t rows, int64_t block,
           llvm::DenseMap<mlir::Value, mlir::Value> &made);

} // namespace kerf::compiler::rows
