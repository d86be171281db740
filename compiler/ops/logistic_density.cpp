#include "compiler/ops/logistic_density.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

static double density(ArrayRef<double> x) {
  const double e = std::exp(-std::fabs(x[0])), s = 1 + e;
  return e / (s * s);
}

/// dy/dx = y (sigmoid(-x) - sigmoid(x)) = -y tanh(x / 2).
SmallVector<Value> LogisticDensityOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  auto [x, y, g] = vals(builder, getLoc(), getX(), getY(), cotangents[0]);
  return {unlessIdle(g, -(g * y * tanh(0.5 * x)))};
}

SmallVector<Value> LogisticDensityOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    Value one = arith::ConstantOp::create(b, loc, b.getFloatAttr(x[0].getType(), 1));
    Value size = math::AbsFOp::create(b, loc, x[0]);
    Value e = math::ExpOp::create(b, loc, arith::NegFOp::create(b, loc, size));
    Value sum = arith::AddFOp::create(b, loc, one, e);
    return arith::DivFOp::create(b, loc, e, arith::MulFOp::create(b, loc, sum, sum));
  });
}

SmallVector<Literal> LogisticDensityOp::evaluate(ArrayRef<Literal> operands,
                                                 Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands, density);
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/logistic_density.cpp.inc"
