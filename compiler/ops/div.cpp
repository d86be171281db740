#include "compiler/ops/div.h"
#include "build.h"
#include "lower.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace kerf {

static double quotient(ArrayRef<double> x) { return x[0] / x[1]; }

/// a / 1 => a
OpFoldResult DivOp::fold(FoldAdaptor operands) {
  if (isSplat(operands.getB(), 1))
    return getA();
  return foldSplats(*this, {operands.getA(), operands.getB()}, quotient);
}

/// dy/da = 1 / b, dy/db = -a / b^2 = -y / b.
SmallVector<Value> DivOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  auto [b, y, g] = vals(builder, getLoc(), getB(), getY(), cotangents[0]);
  Attribute divisor;
  if (matchPattern(getB(), m_Constant(&divisor)) && !isSplat(divisor, 0) && !isSplat(divisor, -0.0))
    return {g / b, Value()};
  Val regular = isBelowInfinity(y.op("abs", y.value, y.type()));
  Val da = g / unlessIdle(g, regular, b, 1);
  return {da, -(da * unlessIdle(g, regular, y, 0))};
}

SmallVector<Value> DivOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    return arith::DivFOp::create(b, loc, x[0], x[1]);
  });
}

SmallVector<Literal> DivOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands, quotient);
}

} // namespace kerf

#define GET_OP_CLASSES
#include "compiler/ops/div.cpp.inc"
