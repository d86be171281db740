// Derivatives of an op as those of the plain ops that stand for it: see RegionDifferentiable. The
// plain ops take its place, so that nothing is computed both ways.
#pragma once

#include "compiler/dialect.h"

#include "mlir/IR/Builders.h"

namespace kerf::compiler {

mlir::FailureOr<Derivative> reverseOfPlain(Decomposable op, mlir::OpBuilder &builder,
                                           llvm::ArrayRef<bool> needed, mlir::ValueRange cotangents,
                                           mlir::Operation *by);
mlir::FailureOr<Derivative> forwardOfPlain(Decomposable op, mlir::OpBuilder &builder,
                                           mlir::ValueRange tangents, mlir::Operation *by);

} // namespace kerf::compiler
