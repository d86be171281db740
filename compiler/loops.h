// Loops that ops with regions are lowered to.
#pragma once

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace kerf::compiler {

/// for i in 0 … count: carried = body(i, carried). Gives what is carried last.
inline llvm::SmallVector<mlir::Value>
loop(mlir::ImplicitLocOpBuilder &b, mlir::Value count, mlir::ValueRange carried,
     llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value, mlir::ValueRange)> body) {
  auto index = [&](int64_t x) { return mlir::arith::ConstantIndexOp::create(b, x); };
  auto loop = mlir::scf::ForOp::create(b, index(0), count, index(1), carried);
  mlir::OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  llvm::SmallVector<mlir::Value> next =
      body(loop.getInductionVar(), mlir::ValueRange(loop.getRegionIterArgs()));
  if (!carried.empty()) // else it has an end
    mlir::scf::YieldOp::create(b, next);
  return llvm::to_vector_of<mlir::Value>(loop.getResults());
}

/// How often a branch runs, which is a loop: once if `truth`, a tensor<i1>, holds, else not at all.
inline mlir::Value timesOf(mlir::ImplicitLocOpBuilder &b, mlir::Value truth) {
  mlir::Value bit = mlir::tensor::ExtractOp::create(b, truth, mlir::ValueRange());
  return mlir::arith::IndexCastUIOp::create(b, b.getIndexType(), bit);
}

/// 1 as a bound that stays a bound when ops are simplified: the loop is not undone, so that what is
/// computed in it is not kept for those who compute it again. codegen/ shows the number then.
inline mlir::Value hiddenOne(mlir::ImplicitLocOpBuilder &b) {
  mlir::Value one = mlir::arith::ConstantOp::create(b, b.getI64IntegerAttr(1));
  return mlir::UnrealizedConversionCastOp::create(b, b.getIndexType(), one).getResult(0);
}

} // namespace kerf::compiler
