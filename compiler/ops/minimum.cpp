#include "compiler/ops/minimum.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

static double smaller(ArrayRef<double> x) {
  if (std::isnan(x[0]) || std::isnan(x[1]))
    return std::numeric_limits<double>::quiet_NaN();
  if (x[0] == x[1])
    return std::signbit(x[0]) ? x[0] : x[1];
  return x[0] < x[1] ? x[0] : x[1];
}
static int64_t smallerInt(ArrayRef<int64_t> x) { return std::min(x[0], x[1]); }

/// min(a, a) => a
OpFoldResult MinimumOp::fold(FoldAdaptor operands) {
  if (getA() == getB())
    return getA();
  return foldSplats(*this, {operands.getA(), operands.getB()}, smaller, smallerInt);
}

/// dy goes to the smaller operand, half to each at a tie.
SmallVector<Value> MinimumOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  auto [a, b, g] = vals(builder, getLoc(), getA(), getB(), cotangents[0]);
  Val zero = g.constant(0), half = 0.5 * g;
  Val tie = compare("eq", a, b), below = compare("gt", a, b);
  Val above = compare("lt", a, b);
  return {select(tie, half, select(below, zero, g)), select(tie, half, select(above, zero, g))};
}

SmallVector<Value> MinimumOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    if (isa<FloatType>(x[0].getType()))
      return arith::MinimumFOp::create(b, loc, x[0], x[1]);
    return arith::MinSIOp::create(b, loc, x[0], x[1]);
  });
}

SmallVector<Literal> MinimumOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands, smaller, smallerInt);
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/minimum.cpp.inc"
