#include "compiler/ops/unless_idle.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

static double unlessZero(ArrayRef<double> x) { return x[1] == 0 && std::isnan(x[0]) ? 0 : x[0]; }

/// Where g is a number other than 0, or flow one that is not NaN => flow
OpFoldResult UnlessIdleOp::fold(FoldAdaptor operands) {
  const std::optional<Literal> flow = onlyElement(operands.getFlow());
  if (isNeverZero(getG()) || (flow && !std::isnan(flow->floats()[0])))
    return getFlow();
  return {};
}

/// What was made 0 is a constant; g decides, and no more.
SmallVector<Value> UnlessIdleOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  auto [flow, g, dy] = vals(builder, getLoc(), getFlow(), getG(), cotangents[0]);
  Val isNan = compare("ne", flow, flow), isIdle = compare("eq", g, g.constant(0));
  return {select(select(isNan, isIdle, isNan.constant(0)), dy.constant(0), dy), Value()};
}

SmallVector<Value> UnlessIdleOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(x[0].getType()));
    Value isNan = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::UNO, x[0], x[0]);
    Value isIdle = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OEQ, x[1], zero);
    Value both = arith::AndIOp::create(b, loc, isNan, isIdle);
    return arith::SelectOp::create(b, loc, both, zero, x[0]);
  });
}

SmallVector<Literal> UnlessIdleOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands, unlessZero);
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/unless_idle.cpp.inc"
