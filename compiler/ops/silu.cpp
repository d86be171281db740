#include "compiler/ops/silu.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

static double weighted(ArrayRef<double> x) {
  const double h = std::exp(-std::fabs(x[0]) / 2);
  return (x[0] < 0 ? x[0] * h * h : x[0]) / (1 + h * h);
}

/// dy/dx = s + x s (1 - s), s = sigmoid(x); x s is y, and 1 - s = sigmoid(-x).
SmallVector<Value> SiluOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  auto [x, y, g] = vals(builder, getLoc(), getX(), getY(), cotangents[0]);
  return {unlessIdle(g, g * (sigmoid(x) + y * sigmoid(-x)))};
}

SmallVector<Value> SiluOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    auto number = [&](double value) -> Value {
      return arith::ConstantOp::create(b, loc, b.getFloatAttr(x[0].getType(), value));
    };
    auto product = [&](Value a, Value c) -> Value { return arith::MulFOp::create(b, loc, a, c); };
    Value size = math::AbsFOp::create(b, loc, x[0]);
    Value h = math::ExpOp::create(b, loc, product(number(-0.5), size));
    Value below = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OLT, x[0], number(0));
    Value above = arith::SelectOp::create(b, loc, below, product(product(x[0], h), h), x[0]);
    return arith::DivFOp::create(b, loc, above,
                                 arith::AddFOp::create(b, loc, number(1), product(h, h)));
  });
}

SmallVector<Literal> SiluOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands, weighted);
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/silu.cpp.inc"
