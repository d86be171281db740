#include "compiler/ops/round.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

static double rounded(ArrayRef<double> x) { return std::nearbyint(x[0]); }

/// round(round(x)) => round(x)
OpFoldResult RoundOp::fold(FoldAdaptor operands) {
  if (getX().getDefiningOp<RoundOp>())
    return getX();
  return foldSplats(*this, operands.getX(), rounded);
}

/// dy/dx = 0 almost everywhere: no use to anybody who asks for it.
SmallVector<Value> RoundOp::vjp(OpBuilder &, ValueRange) { return {Value()}; }

StringRef RoundOp::derivativeGap() { return "piecewise constant"; }

SmallVector<Value> RoundOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    return math::RoundEvenOp::create(b, loc, x[0]);
  });
}

SmallVector<Literal> RoundOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateSteps(evaluation, *this, operands, "the integer next to", rounded,
                       [](double x, double step) { return std::fabs(x - step) - 0.5; });
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/round.cpp.inc"
