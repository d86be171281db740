#include "compiler/ops/abs.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

static double magnitude(ArrayRef<double> x) { return std::fabs(x[0]); }
static int64_t magnitudeInt(ArrayRef<int64_t> x) {
  return x[0] < 0 ? 0 - uint64_t(x[0]) : uint64_t(x[0]);
}

/// abs(abs(x)) => abs(x)
OpFoldResult AbsOp::fold(FoldAdaptor operands) {
  if (getX().getDefiningOp<AbsOp>())
    return getX();
  return foldSplats(*this, operands.getX(), magnitude, magnitudeInt);
}

/// dy/dx = sign(x), with 0 at the kink.
SmallVector<Value> AbsOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  auto [x, g] = vals(builder, getLoc(), getX(), cotangents[0]);
  Val zero = x.constant(0);
  return {select(compare("gt", x, zero), g, select(compare("lt", x, zero), -g, zero))};
}

SmallVector<Value> AbsOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    if (isa<FloatType>(x[0].getType()))
      return math::AbsFOp::create(b, loc, x[0]);
    return math::AbsIOp::create(b, loc, x[0]);
  });
}

SmallVector<Literal> AbsOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands, magnitude, magnitudeInt);
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/abs.cpp.inc"
