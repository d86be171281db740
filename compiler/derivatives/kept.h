// What the backward scan of a scan needs of each iteration: what is kept, and what is made again.
#pragma once

#include "compiler/ops/scan.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"

namespace kerf::compiler {

/// Of the joint block of an iteration and its vjps. A row of an input, a capture and the number of
/// the iteration are taken again; what depends on captures alone is computed once, beside the loop;
/// what costs little per element may be computed again; results of all other ops, and carried
/// values, are there only if they are kept. Kept are the fewest bytes from which the rest follows,
/// a cheapest cut [Jain 2020, with recomputation free], and of several such sets the one that
/// leaves least to compute. With `keep = 1` carried values are kept, and all else is computed
/// again.
class Kept {
public:
  /// The first `numArguments` arguments of `joint` are those of an iteration.
  Kept(ScanOp op, mlir::Block &joint, unsigned numArguments);

  /// The backward scan uses `value`, of the joint block.
  void need(mlir::Value value);
  /// The backward scan's rows of `value` are wanted behind it, stacked.
  void needBehind(mlir::Value value);

  /// Depends on cotangents.
  bool isLinear(mlir::Value value) const { return linear.contains(value); }
  /// Is the same in every iteration.
  bool isInvariant(mlir::Value value) const { return invariant.contains(value); }
  bool recomputesAll() const { return op.getKeep() != 0; }

  /// Values of an iteration that the first scan stacks; rows of inputs that the backward scan takes
  /// again; operands that it captures; what it stacks for what is computed behind it.
  llvm::ArrayRef<mlir::Value> stored() const { return stored_.getArrayRef(); }
  llvm::ArrayRef<unsigned> rows() const { return rows_.getArrayRef(); }
  llvm::ArrayRef<unsigned> captures() const { return captures_.getArrayRef(); }
  llvm::ArrayRef<mlir::Value> stackedBehind() const { return behind.getArrayRef(); }
  bool isStored(mlir::Value value) const { return stored_.contains(value); }
  /// The row of which input this is, if that is whole: every iteration runs.
  std::optional<unsigned> wholeInput(mlir::Value value) const;

  /// The rows of a value that is wanted behind the backward scan, stacked; `first` and `second` are
  /// the stacks that the two scans make.
  mlir::Value stackOf(mlir::Value value, mlir::ValueRange first, mlir::ValueRange second) const;

  /// Is it an op of the backward scan's region?
  bool isCopied(mlir::Operation *inner) const { return copied.contains(inner); }
  /// Computes beside the loop what depends on captures alone: further captures.
  llvm::SmallVector<mlir::Value> makeOutside(mlir::OpBuilder &builder) const;
  /// The value beside the loop of one that depends on captures alone.
  mlir::Value outside(mlir::OpBuilder &builder, mlir::Value value, mlir::IRMapping &map) const;
  /// A value as it is stored: with 8 axes, and one of iterations, it would have too many.
  static mlir::Value asStored(mlir::OpBuilder &builder, mlir::Value value);
  /// What stands for values of the joint block in the backward scan, at the builder's place: its
  /// rows, of what is stored and of inputs, and its captures.
  void mapTo(mlir::OpBuilder &builder, llvm::ArrayRef<mlir::Value> rows,
             llvm::ArrayRef<mlir::Value> captures, mlir::IRMapping &map) const;

private:
  void needArgument(mlir::BlockArgument argument);
  bool mayBeMadeAgain(mlir::Operation *maker) const;
  void findCheapest();
  unsigned operandOf(unsigned argument) const;

  mutable ScanOp op; // a handle, whose getters are not const
  mlir::Block &joint;
  unsigned numArguments;
  llvm::DenseSet<mlir::Value> linear, invariant, seen;
  llvm::DenseSet<mlir::Value> cheapest; ///< to keep
  llvm::DenseSet<mlir::Operation *> copied;
  llvm::SetVector<mlir::Value> stored_, outside_, behind;
  llvm::SetVector<unsigned> rows_, captures_; ///< captures: by operand
};

} // namespace kerf::compiler
