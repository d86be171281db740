// Places that are known when a model runs, as offsets of slices.
#pragma once

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

namespace kerf::compiler {

/// Offsets of a slice of a tensor of this rank: clamp(offset, 0, most) along `axis`, 0 along
/// others. `offset` is an i64 tensor of rank 0.
inline llvm::SmallVector<mlir::OpFoldResult> clampedOffsets(mlir::OpBuilder &b,
                                                            mlir::Location location, int64_t rank,
                                                            int64_t axis, mlir::Value offset,
                                                            int64_t most) {
  using namespace mlir::arith;
  llvm::SmallVector<mlir::OpFoldResult> offsets(rank, b.getIndexAttr(0));
  if (most == 0)
    return offsets;
  auto number = [&](int64_t value) -> mlir::Value {
    return ConstantOp::create(b, location, b.getI64IntegerAttr(value));
  };
  mlir::Value at = mlir::tensor::ExtractOp::create(b, location, offset, mlir::ValueRange());
  at = MinSIOp::create(b, location, MaxSIOp::create(b, location, at, number(0)), number(most));
  offsets[axis] = IndexCastOp::create(b, location, b.getIndexType(), at).getResult();
  return offsets;
}

} // namespace kerf::compiler
