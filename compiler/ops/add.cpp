#include "build.h"
#include "lower.h"
#include "compiler/ops/add.h"

using namespace mlir;

namespace kerf {

/// a + 0 => a
OpFoldResult AddOp::fold(FoldAdaptor operands) {
  if (isSplat(operands.getB(), 0))
    return getA();
  if (isSplat(operands.getA(), 0))
    return getB();
  return {};
}

/// J = [I I], so da = db = dy.
SmallVector<Value> AddOp::vjp(OpBuilder &, ValueRange cotangents) {
  return {cotangents[0], cotangents[0]};
}

SmallVector<Value> AddOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    if (isa<FloatType>(x[0].getType()))
      return arith::AddFOp::create(b, loc, x[0], x[1]);
    return arith::AddIOp::create(b, loc, x[0], x[1]);
  });
}

SmallVector<Literal> AddOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(
      evaluation, *this, operands, [](ArrayRef<double> x) { return x[0] + x[1]; },
      [](ArrayRef<int64_t> x) { return x[0] + x[1]; });
}

} // namespace kerf

#define GET_OP_CLASSES
#include "compiler/ops/add.cpp.inc"
