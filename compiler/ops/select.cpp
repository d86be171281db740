#include "compiler/ops/select.h"
#include "compiler/linalg_forms.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {

/// C1; C2 by the definition.
LogicalResult SelectOp::verify() {
  return verifyRule(*this, rule::select(shapeOf(getC().getType()), shapeOf(getA().getType()),
                                        shapeOf(getB().getType())));
}

/// true ? a : b => a, false ? a : b => b, c ? a : a => a
OpFoldResult SelectOp::fold(FoldAdaptor operands) {
  if (isSplat(operands.getC(), 1) || getA() == getB())
    return getA();
  if (isSplat(operands.getC(), 0))
    return getB();
  return {};
}

/// J = [diag(c) diag(1 - c)], so da = c ? dy : 0, db = c ? 0 : dy.
SmallVector<Value> SelectOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  auto [c, g] = vals(builder, getLoc(), getC(), cotangents[0]);
  Val zero = g.constant(0);
  return {Value(), select(c, g, zero), select(c, zero, g)};
}

SmallVector<Value> SelectOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    return arith::SelectOp::create(b, loc, x[0], x[1], x[2]);
  });
}

SmallVector<Literal> SelectOp::evaluate(ArrayRef<Literal> operands, Evaluation &) {
  Literal result(getType());
  for (int64_t i = 0; i < result.size(); ++i) {
    const Literal &chosen = operands[0].ints()[i] ? operands[1] : operands[2];
    if (result.isFloat())
      result.floats()[i] = chosen.floats()[i];
    else
      result.ints()[i] = chosen.ints()[i];
  }
  return {result};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/select.cpp.inc"
