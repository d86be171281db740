#include "compiler/ops/softplus.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

static double softened(double x) {
  if (std::isnan(x))
    return x;
  return std::max(x, 0.0) + std::log1p(std::exp(-std::fabs(x)));
}

/// dy/dx = sigmoid(x).
SmallVector<Value> SoftplusOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  auto [x, g] = vals(builder, getLoc(), getX(), cotangents[0]);
  return {unlessIdle(g, g * sigmoid(x))};
}

SmallVector<Value> SoftplusOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    Value zero = arith::ConstantOp::create(b, loc, b.getFloatAttr(x[0].getType(), 0));
    Value size = math::AbsFOp::create(b, loc, x[0]);
    Value e = math::ExpOp::create(b, loc, arith::NegFOp::create(b, loc, size));
    Value above = arith::MaximumFOp::create(b, loc, x[0], zero);
    return arith::AddFOp::create(b, loc, above, math::Log1pOp::create(b, loc, e));
  });
}

SmallVector<Literal> SoftplusOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands,
                             [](ArrayRef<double> x) { return softened(x[0]); });
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/softplus.cpp.inc"
