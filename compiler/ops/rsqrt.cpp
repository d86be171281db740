#include "compiler/ops/rsqrt.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

static double reciprocalRoot(ArrayRef<double> x) { return 1 / std::sqrt(x[0]); }

/// dy/dx = -x^(-3/2) / 2 = -y^3 / 2.
SmallVector<Value> RsqrtOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  auto [y, g] = vals(builder, getLoc(), getY(), cotangents[0]);
  return {unlessIdle(g, -0.5 * (g * y * y * y))}; // g first: y^3 alone may overflow
}

/// As 1 / sqrt(x): two correctly rounded steps, the same on every target.
SmallVector<Value> RsqrtOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    Value one = arith::ConstantOp::create(b, loc, b.getFloatAttr(x[0].getType(), 1));
    Value root = math::SqrtOp::create(b, loc, x[0]);
    return arith::DivFOp::create(b, loc, one, root);
  });
}

SmallVector<Literal> RsqrtOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands, reciprocalRoot);
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/rsqrt.cpp.inc"
