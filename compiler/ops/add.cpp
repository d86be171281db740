#include "compiler/ops/add.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {

static double total(ArrayRef<double> x) { return x[0] + x[1]; }
static int64_t totalInt(ArrayRef<int64_t> x) { return uint64_t(x[0]) + uint64_t(x[1]); }

/// a + -0 => a, of integers a + 0 => a. Not a + 0 => a of floats: -0 + 0 = 0.
OpFoldResult AddOp::fold(FoldAdaptor operands) {
  if (isSplat(operands.getB(), -0.0))
    return getA();
  return foldSplats(*this, {operands.getA(), operands.getB()}, total, totalInt);
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
  return evaluateElementwise(evaluation, *this, operands, total, totalInt);
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/add.cpp.inc"
