#include "compiler/ops/cos.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

/// dy/dx = -sin(x).
SmallVector<Value> CosOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  auto [x, g] = vals(builder, getLoc(), getX(), cotangents[0]);
  return {unlessIdle(g, -(g * x.op("sin", x.value, x.type())))};
}

SmallVector<Value> CosOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    return math::CosOp::create(b, loc, x[0]);
  });
}

SmallVector<Literal> CosOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands,
                             [](ArrayRef<double> x) { return std::cos(x[0]); });
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/cos.cpp.inc"
