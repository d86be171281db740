#include "compiler/ops/maximum.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

static double larger(ArrayRef<double> x) {
  if (std::isnan(x[0]) || std::isnan(x[1]))
    return std::numeric_limits<double>::quiet_NaN();
  if (x[0] == x[1])
    return std::signbit(x[0]) ? x[1] : x[0];
  return x[0] > x[1] ? x[0] : x[1];
}
static int64_t largerInt(ArrayRef<int64_t> x) { return std::max(x[0], x[1]); }

/// max(a, a) => a
OpFoldResult MaximumOp::fold(FoldAdaptor operands) {
  if (getA() == getB())
    return getA();
  return foldSplats(*this, {operands.getA(), operands.getB()}, larger, largerInt);
}

/// dy goes to the larger operand, half to each at a tie.
SmallVector<Value> MaximumOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  auto [a, b, g] = vals(builder, getLoc(), getA(), getB(), cotangents[0]);
  Val zero = g.constant(0), half = 0.5 * g;
  Val tie = compare("eq", a, b), below = compare("lt", a, b);
  Val above = compare("gt", a, b);
  return {select(tie, half, select(below, zero, g)), select(tie, half, select(above, zero, g))};
}

SmallVector<Value> MaximumOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    if (isa<FloatType>(x[0].getType()))
      return arith::MaximumFOp::create(b, loc, x[0], x[1]);
    return arith::MaxSIOp::create(b, loc, x[0], x[1]);
  });
}

SmallVector<Literal> MaximumOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands, larger, largerInt);
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/maximum.cpp.inc"
