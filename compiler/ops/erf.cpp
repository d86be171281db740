#include "compiler/ops/erf.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include <cmath>
#include <numbers>

using namespace mlir;

namespace kerf::compiler {

/// dy/dx = 2 / sqrt(pi) e^(-x^2).
SmallVector<Value> ErfOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  auto [x, g] = vals(builder, getLoc(), getX(), cotangents[0]);
  return {unlessIdle(g, g * (2 * std::numbers::inv_sqrtpi * exp(-(x * x))))};
}

SmallVector<Value> ErfOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    return math::ErfOp::create(b, loc, x[0]);
  });
}

SmallVector<Literal> ErfOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands,
                             [](ArrayRef<double> x) { return std::erf(x[0]); });
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/erf.cpp.inc"
