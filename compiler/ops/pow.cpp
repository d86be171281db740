#include "compiler/ops/pow.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

static double power(ArrayRef<double> x) { return std::pow(x[0], x[1]); }

/// a^1 => a
OpFoldResult PowOp::fold(FoldAdaptor operands) {
  if (isSplat(operands.getB(), 1))
    return getA();
  return foldSplats(*this, {operands.getA(), operands.getB()}, power);
}

/// dy/da = b a^(b - 1), dy/db = y log(a). Where b is 0, y is 1 whatever a is; where a is 0 and b is
/// not negative, y has no slope in b.
SmallVector<Value> PowOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  auto [a, b, y, g] = vals(builder, getLoc(), getA(), getB(), getY(), cotangents[0]);
  Val zero = g.constant(0);
  Val slope = g * (b * a.op("pow", {a, b - b.constant(1)}, a.type()));
  Val da = unlessIdle(g, select(compare("eq", b, zero), zero, slope));
  Val growth = g * (y * log(a));
  Val ofZero = select(compare("ge", b, zero), zero, growth);
  return {da, unlessIdle(g, select(compare("eq", a, zero), ofZero, growth))};
}

/// A square and a cube are products, whose error is below that of any other power.
SmallVector<Value> PowOp::lower(OpBuilder &builder) {
  const Attribute exponent = constantOf(getB());
  const bool isSquare = isSplat(exponent, 2), isCube = isSplat(exponent, 3);
  return lowerElementwise(builder, *this, [&](OpBuilder &b, Location loc, ValueRange x) -> Value {
    if (!isSquare && !isCube)
      return math::PowFOp::create(b, loc, x[0], x[1]);
    Value square = arith::MulFOp::create(b, loc, x[0], x[0]);
    return isSquare ? square : arith::MulFOp::create(b, loc, square, x[0]);
  });
}

SmallVector<Literal> PowOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands, power);
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/pow.cpp.inc"
