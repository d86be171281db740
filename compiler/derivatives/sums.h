// Sums over the iterations of a loop that one op behind it can make.
#pragma once

#include "compiler/derivatives/kept.h"

namespace kerf::compiler {

/// A cotangent of a capture is the sum of what iterations add to it. Where that is a product of
/// rows, dW += h^T g, each iteration would read and write all of dW: instead the rows are stacked,
/// and one contraction over iterations and rows follows the loop. So are gradients of filters and
/// tables, and sums of rows that are stacked anyway.
class SumsOverIterations {
public:
  SumsOverIterations(ScanOp op, mlir::Block &joint, Kept &kept)
      : op(op), joint(joint), kept(kept) {}

  /// What is left for iterations to add, in the joint block; null where nothing is. `flows`: what
  /// they add in all, null where nothing. `kept` knows then what is needed.
  llvm::SmallVector<mlir::Value> split(llvm::ArrayRef<mlir::Value> flows);

  /// Adds what was split off to the cotangents of captures; null where nothing was added so far.
  /// `stackOf` gives the stacked rows of a value of the joint block.
  void add(mlir::OpBuilder &builder, llvm::function_ref<mlir::Value(mlir::Value)> stackOf,
           llvm::MutableArrayRef<mlir::Value> cotangents);

private:
  struct Term {
    size_t capture;
    mlir::Value value;
    bool isBehind = false;
  };

  bool movesBehind(mlir::Value term, bool ofProducts);
  int64_t cost(mlir::Value value);
  mlir::Value make(mlir::OpBuilder &builder, mlir::Value term,
                   llvm::function_ref<mlir::Value(mlir::Value)> stackOf);

  ScanOp op;
  mlir::Block &joint;
  Kept &kept;
  llvm::SmallVector<Term> terms;
};

} // namespace kerf::compiler
