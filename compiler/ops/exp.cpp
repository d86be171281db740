#include "compiler/ops/exp.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

/// dy/dx = e^x = y.
SmallVector<Value> ExpOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  auto [y, g] = vals(builder, getLoc(), getY(), cotangents[0]);
  return {unlessIdle(g, g * y)};
}

SmallVector<Value> ExpOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    return math::ExpOp::create(b, loc, x[0]);
  });
}

SmallVector<Literal> ExpOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands,
                             [](ArrayRef<double> x) { return std::exp(x[0]); });
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/exp.cpp.inc"
