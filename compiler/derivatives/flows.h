// Which values of a block depend on which, through ops and through regions.
#pragma once

#include "compiler/dialect.h"

#include "llvm/ADT/DenseSet.h"

namespace kerf::compiler {

bool isFloat(mlir::Value value);
/// Those of the types that are of floats, in order.
llvm::SmallVector<mlir::Type> floatsOf(mlir::TypeRange types);

/// Nothing flows through it, so what is computed from it alone needs no derivative.
bool isStop(mlir::Operation *op);

/// From a value to one that is made of it: by `op`, or at a border of one of its regions.
struct Flow {
  mlir::Value from, to;
  mlir::Operation *op;
  bool isBorder;
};

/// Those of a block and of the regions in it, in the order of the program.
llvm::SmallVector<Flow> flowsOf(mlir::Block &block);

/// `seeds` and the floats that depend on them by way of floats.
llvm::DenseSet<mlir::Value> floatsFrom(llvm::ArrayRef<Flow> flows,
                                       llvm::ArrayRef<mlir::Value> seeds);
/// `ends` and the floats on which they depend by way of floats.
llvm::DenseSet<mlir::Value> floatsTo(llvm::ArrayRef<Flow> flows, llvm::ArrayRef<mlir::Value> ends);

/// Which of some values are not null.
llvm::SmallVector<bool> areThere(llvm::ArrayRef<mlir::Value> values);
/// For each of those that are there one of `values`, in order; null for the others.
llvm::SmallVector<mlir::Value> spread(llvm::ArrayRef<bool> isThere, mlir::ValueRange values);

} // namespace kerf::compiler
