#include "compiler/ops/sigmoid.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

static double logistic(double x) {
  const double e = std::exp(-std::fabs(x));
  return (x < 0 ? e : 1) / (1 + e);
}

/// dy/dx = y (1 - y); 1 - y cancels where y is near 1.
SmallVector<Value> SigmoidOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  auto [x, g] = vals(builder, getLoc(), getX(), cotangents[0]);
  return {unlessIdle(g, g * x.op("logistic_density", x.value, x.type()))};
}

/// (x < 0 ? e : 1) / (1 + e) with e = exp(-|x|), which neither overflows nor cancels.
SmallVector<Value> SigmoidOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    Type type = x[0].getType();
    Value one = arith::ConstantOp::create(b, loc, b.getFloatAttr(type, 1));
    Value zero = arith::ConstantOp::create(b, loc, b.getFloatAttr(type, 0));
    Value size = math::AbsFOp::create(b, loc, x[0]);
    Value e = math::ExpOp::create(b, loc, arith::NegFOp::create(b, loc, size));
    Value below = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OLT, x[0], zero);
    Value above = arith::SelectOp::create(b, loc, below, e, one);
    return arith::DivFOp::create(b, loc, above, arith::AddFOp::create(b, loc, one, e));
  });
}

SmallVector<Literal> SigmoidOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands,
                             [](ArrayRef<double> x) { return logistic(x[0]); });
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/sigmoid.cpp.inc"
