#include "compiler/ops/expm1.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

/// dy/dx = e^x, not y + 1, which cancels.
SmallVector<Value> Expm1Op::vjp(OpBuilder &builder, ValueRange cotangents) {
  auto [x, g] = vals(builder, getLoc(), getX(), cotangents[0]);
  return {unlessIdle(g, g * exp(x))};
}

SmallVector<Value> Expm1Op::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    return math::ExpM1Op::create(b, loc, x[0]);
  });
}

SmallVector<Literal> Expm1Op::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands,
                             [](ArrayRef<double> x) { return std::expm1(x[0]); });
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/expm1.cpp.inc"
