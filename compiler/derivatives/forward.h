// Forward mode on a block: what jvp does, and every op with regions within it.
#pragma once

#include "compiler/dialect.h"

#include "mlir/IR/Builders.h"

namespace kerf::compiler {

/// Copies a block's ops to the builder's place on other arguments, and makes beside each the
/// tangents of its results; `tangents` are those of the arguments, null where zero. Gives what the
/// block yields, and its tangents, null where zero. `by` asks for the derivative.
mlir::FailureOr<Derivative> forwardMode(mlir::OpBuilder &builder, mlir::Block &block,
                                        mlir::ValueRange arguments,
                                        llvm::ArrayRef<mlir::Value> tangents, mlir::Operation *by);

} // namespace kerf::compiler
