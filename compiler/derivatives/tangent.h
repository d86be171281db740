// Forward mode of one op.
#pragma once

#include "compiler/dialect.h"

#include "mlir/IR/Builders.h"

namespace kerf::compiler {

/// What stands for the results of `op`, itself unless it has regions, and their tangents, made at
/// the builder's place; null of integers, and where zero. `tangents` are those of the operands,
/// null where zero, never all of them. `by` asks for the derivative.
mlir::FailureOr<Derivative> tangentsOfResults(mlir::OpBuilder &builder, mlir::Operation *op,
                                              llvm::ArrayRef<mlir::Value> tangents,
                                              mlir::Operation *by);

/// J t is the vjp at t of g -> J^T g, which is linear, so that any g will do: tangents of the
/// results of `op` at the builder's place, `vjp` being that function. It is taken at ones, because
/// nothing that heeds a cotangent of 0 applies then.
mlir::FailureOr<llvm::SmallVector<mlir::Value>> transposed(
    mlir::OpBuilder &builder, mlir::Operation *op,
    llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::OpBuilder &, mlir::ValueRange)> vjp,
    llvm::ArrayRef<mlir::Value> tangents, mlir::Operation *by);

} // namespace kerf::compiler
