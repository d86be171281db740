#include "compiler/ops/div.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {

static double quotient(ArrayRef<double> x) { return x[0] / x[1]; }

/// Is it a number other than 0, for all elements? 0 divided by it is 0.
static bool isRegular(Attribute divisor) {
  auto splat = dyn_cast_or_null<SplatElementsAttr>(divisor);
  return splat && splat.getSplatValue<APFloat>().isFiniteNonZero();
}

/// a / 1 => a
OpFoldResult DivOp::fold(FoldAdaptor operands) {
  if (isSplat(operands.getB(), 1))
    return getA();
  return foldSplats(*this, {operands.getA(), operands.getB()}, quotient);
}

/// dy/da = 1 / b, dy/db = -a / b^2 = -y / b.
SmallVector<Value> DivOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  auto [b, y, g] = vals(builder, getLoc(), getB(), getY(), cotangents[0]);
  Val da = g / b, db = unlessIdle(g, -(da * y));
  return {isRegular(constantOf(getB())) ? da : unlessIdle(g, da), db};
}

SmallVector<Value> DivOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    return arith::DivFOp::create(b, loc, x[0], x[1]);
  });
}

SmallVector<Literal> DivOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands, quotient);
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/div.cpp.inc"
