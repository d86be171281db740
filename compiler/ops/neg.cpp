#include "compiler/ops/neg.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {

static double negated(ArrayRef<double> x) { return -x[0]; }
static int64_t negatedInt(ArrayRef<int64_t> x) { return 0 - uint64_t(x[0]); }

/// -(-x) => x
OpFoldResult NegOp::fold(FoldAdaptor operands) {
  if (auto inner = getX().getDefiningOp<NegOp>())
    return inner.getX();
  return foldSplats(*this, operands.getX(), negated, negatedInt);
}

/// J = -I, so dx = -dy.
SmallVector<Value> NegOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  Val g(builder, getLoc(), cotangents[0]);
  return {-g};
}

SmallVector<Value> NegOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    if (isa<FloatType>(x[0].getType()))
      return arith::NegFOp::create(b, loc, x[0]);
    Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(x[0].getType()));
    return arith::SubIOp::create(b, loc, zero, x[0]);
  });
}

SmallVector<Literal> NegOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands, negated, negatedInt);
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/neg.cpp.inc"
