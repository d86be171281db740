#include "compiler/ops/sub.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {

static double difference(ArrayRef<double> x) { return x[0] - x[1]; }
static int64_t differenceInt(ArrayRef<int64_t> x) { return uint64_t(x[0]) - uint64_t(x[1]); }

/// a - 0 => a. Not a - -0 => a: -0 - -0 = 0.
OpFoldResult SubOp::fold(FoldAdaptor operands) {
  if (isSplat(operands.getB(), 0))
    return getA();
  return foldSplats(*this, {operands.getA(), operands.getB()}, difference, differenceInt);
}

/// J = [I -I], so da = dy, db = -dy.
SmallVector<Value> SubOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  Val g(builder, getLoc(), cotangents[0]);
  return {g, -g};
}

SmallVector<Value> SubOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    if (isa<FloatType>(x[0].getType()))
      return arith::SubFOp::create(b, loc, x[0], x[1]);
    return arith::SubIOp::create(b, loc, x[0], x[1]);
  });
}

SmallVector<Literal> SubOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands, difference, differenceInt);
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/sub.cpp.inc"
