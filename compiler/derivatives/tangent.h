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

} // namespace kerf::compiler
