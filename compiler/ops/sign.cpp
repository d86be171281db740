#include "compiler/ops/sign.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

static double signum(ArrayRef<double> x) { return x[0] > 0 ? 1 : x[0] < 0 ? -1 : 0; }
static int64_t signumInt(ArrayRef<int64_t> x) { return x[0] > 0 ? 1 : x[0] < 0 ? -1 : 0; }

/// sign(sign(x)) => sign(x)
OpFoldResult SignOp::fold(FoldAdaptor operands) {
  if (getX().getDefiningOp<SignOp>())
    return getX();
  return foldSplats(*this, operands.getX(), signum, signumInt);
}

/// dy/dx = 0 but at 0: no use to anybody who asks for it.
SmallVector<Value> SignOp::vjp(OpBuilder &, ValueRange) { return {Value()}; }

StringRef SignOp::derivativeGap() { return "piecewise constant"; }

bool SignOp::decides() { return isa<FloatType>(getType().getElementType()); }

SmallVector<Value> SignOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    Type type = x[0].getType();
    Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(type)), above, below, one, minus;
    if (isa<FloatType>(type)) {
      above = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OGT, x[0], zero);
      below = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OLT, x[0], zero);
      one = arith::ConstantOp::create(b, loc, b.getFloatAttr(type, 1));
      minus = arith::ConstantOp::create(b, loc, b.getFloatAttr(type, -1));
    } else {
      above = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::sgt, x[0], zero);
      below = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, x[0], zero);
      one = arith::ConstantOp::create(b, loc, b.getIntegerAttr(type, 1));
      minus = arith::ConstantOp::create(b, loc, b.getIntegerAttr(type, -1));
    }
    Value rest = arith::SelectOp::create(b, loc, below, minus, zero);
    return arith::SelectOp::create(b, loc, above, one, rest);
  });
}

SmallVector<Literal> SignOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  if (!decides())
    return evaluateElementwise(evaluation, *this, operands, signum, signumInt);
  return evaluateSteps(evaluation, *this, operands, "the sign of", signum,
                       [](double x, double) { return std::fabs(x); });
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/sign.cpp.inc"
