#include "compiler/ops/floor.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

static double floored(ArrayRef<double> x) { return std::floor(x[0]); }

/// floor(floor(x)) => floor(x)
OpFoldResult FloorOp::fold(FoldAdaptor operands) {
  if (getX().getDefiningOp<FloorOp>())
    return getX();
  return foldSplats(*this, operands.getX(), floored);
}

/// dy/dx = 0 almost everywhere: no use to anybody who asks for it.
SmallVector<Value> FloorOp::vjp(OpBuilder &, ValueRange) { return {Value()}; }

StringRef FloorOp::derivativeGap() { return "piecewise constant"; }

SmallVector<Value> FloorOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    return math::FloorOp::create(b, loc, x[0]);
  });
}

SmallVector<Literal> FloorOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateSteps(evaluation, *this, operands, "the floor of", floored,
                       [](double x, double step) { return step > x ? step - x : x - (step + 1); });
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/floor.cpp.inc"
