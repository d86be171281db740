#include "compiler/ops/sqrt.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

static double root(ArrayRef<double> x) { return std::sqrt(x[0]); }

OpFoldResult SqrtOp::fold(FoldAdaptor operands) { return foldSplats(*this, operands.getX(), root); }

/// dy/dx = 1 / (2 y).
SmallVector<Value> SqrtOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  auto [y, g] = vals(builder, getLoc(), getY(), cotangents[0]);
  return {unlessIdle(g, 0.5 * (g / y))};
}

SmallVector<Value> SqrtOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    return math::SqrtOp::create(b, loc, x[0]);
  });
}

SmallVector<Literal> SqrtOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands, root);
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/sqrt.cpp.inc"
