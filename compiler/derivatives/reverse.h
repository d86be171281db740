// Reverse mode on a block: what value_and_grad does, and every op with regions within it.
#pragma once

#include "compiler/dialect.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace kerf::compiler {

/// Says that what `op` computes has no derivative, which `by` needs.
mlir::LogicalResult refuseDerivative(mlir::Operation *op, llvm::StringRef why, mlir::Operation *by);

/// A splat of `type`.
mlir::Value splat(mlir::OpBuilder &builder, mlir::Location location, mlir::Type type, double value);

/// A block's ops on other arguments, then their vjps from the last to the first. What flows where
/// is decided on the block's own values, which tell a parameter from a capture of the same tensor.
class Reverse {
public:
  /// Copies the ops, all but the terminator, to the builder's place. `by` asks for the derivative.
  Reverse(mlir::OpBuilder &builder, mlir::Block &block, mlir::ValueRange arguments,
          mlir::Operation *by);

  /// Makes the vjps at the builder's place, on from the copies. Cotangents flow from those of what
  /// the block yields (null where zero) to `seeds` and floats that depend on them.
  mlir::LogicalResult run(mlir::OpBuilder &builder, llvm::ArrayRef<mlir::Value> seeds,
                          llvm::ArrayRef<mlir::Value> cotangents);

  /// The copy of a value of the block, or the value itself if it is of another.
  mlir::Value copyOf(mlir::Value value) const { return copies.lookupOrDefault(value); }
  /// The cotangent of one of the block's values; null if nothing flows to it.
  mlir::Value cotangentOf(mlir::Value value) const { return cotangents.lookup(value); }

private:
  mlir::LogicalResult passBy(mlir::OpBuilder &builder, mlir::Operation &op);
  mlir::FailureOr<llvm::SmallVector<mlir::Value>>
  cotangentsOfOperands(mlir::OpBuilder &builder, mlir::Operation &op,
                       llvm::ArrayRef<mlir::Value> flows);
  void add(mlir::OpBuilder &builder, mlir::Value value, mlir::Value flow);
  void replaceRegions();

  mlir::Block &block;
  mlir::Operation *by;
  mlir::IRMapping copies;                              ///< value of the block -> its copy
  llvm::DenseSet<mlir::Value> active;                  ///< the seeds, and floats made of them
  llvm::DenseMap<mlir::Value, mlir::Value> cotangents; ///< value of the block -> cotangent
  /// Copies of ops with regions, and the values in their place.
  llvm::SmallVector<std::pair<mlir::Operation *, llvm::SmallVector<mlir::Value>>> replaced;
};

} // namespace kerf::compiler
