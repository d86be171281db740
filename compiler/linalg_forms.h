// What the ops' `lower` methods share: linalg.generic in the few forms that Kerf uses.
#pragma once

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace kerf::compiler {

using ScalarBody =
    llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::Location, mlir::ValueRange)>;

/// linalg.generic over the result's shape with identity maps: result[i] = body(operands[i]...).
llvm::SmallVector<mlir::Value> lowerElementwise(mlir::OpBuilder &builder, mlir::Operation *op,
                                                ScalarBody body);

/// linalg.generic over `x`, reducing `axes` (ascending) into `type`, started from `init`.
/// body(element, accumulator) gives the next accumulator.
mlir::Value lowerReduction(mlir::OpBuilder &builder, mlir::Location location, mlir::Value x,
                           mlir::RankedTensorType type, llvm::ArrayRef<int64_t> axes,
                           mlir::TypedAttr init, ScalarBody body);

/// linalg.generic that reads `x` through `map` (result index -> operand index) into `type`.
mlir::Value lowerIndexing(mlir::OpBuilder &builder, mlir::Location location, mlir::Value x,
                          mlir::RankedTensorType type, mlir::AffineMap map);

} // namespace kerf::compiler
