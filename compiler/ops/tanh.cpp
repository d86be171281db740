#include "compiler/ops/tanh.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

/// dy/dx = 1 / cosh(x)^2; 1 - y^2 cancels where y is near 1.
SmallVector<Value> TanhOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  auto [x, g] = vals(builder, getLoc(), getX(), cotangents[0]);
  Val twice = 2 * x;
  return {unlessIdle(g, g * (4 * twice.op("logistic_density", twice.value, x.type())))};
}

SmallVector<Value> TanhOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    return math::TanhOp::create(b, loc, x[0]);
  });
}

SmallVector<Literal> TanhOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands,
                             [](ArrayRef<double> x) { return std::tanh(x[0]); });
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/tanh.cpp.inc"
