#include "compiler/ops/remainder.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/quotient.h"
#include "compiler/val.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

static int64_t rest(ArrayRef<int64_t> x) {
  if (x[1] == 0)
    return x[0];
  if (x[1] == -1) // the machine's division has no result for the smallest integer
    return 0;
  const int64_t r = x[0] % x[1];
  return r != 0 && (r < 0) != (x[1] < 0) ? r + x[1] : r;
}

static double restOfFloat(ArrayRef<double> x) {
  const double r = std::fmod(x[0], x[1]);
  return r != 0 && (r < 0) != (x[1] < 0) ? r + x[1] : r;
}

OpFoldResult RemainderOp::fold(FoldAdaptor operands) {
  return foldSplats(*this, {operands.getA(), operands.getB()}, restOfFloat, rest);
}

/// dy/da = 1, dy/db = -floor(a / b) = -(a - y) / b, a step in both.
SmallVector<Value> RemainderOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  auto [a, b, y, g] = vals(builder, getLoc(), getA(), getB(), getY(), cotangents[0]);
  Val quotient = (a - y) / b, fixed = quotient.op("stop_gradient", quotient.value, quotient.type());
  return {g, unlessIdle(g, -(g * fixed))};
}

SmallVector<Value> RemainderOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    if (isa<FloatType>(x[0].getType())) {
      Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(x[0].getType()));
      auto is = [&](arith::CmpFPredicate predicate, Value of) -> Value {
        return arith::CmpFOp::create(b, loc, predicate, of, zero);
      };
      Value r = arith::RemFOp::create(b, loc, x[0], x[1]);
      Value differ = arith::XOrIOp::create(b, loc, is(arith::CmpFPredicate::OLT, r),
                                           is(arith::CmpFPredicate::OLT, x[1]));
      Value wrong = arith::AndIOp::create(b, loc, is(arith::CmpFPredicate::ONE, r), differ);
      return arith::SelectOp::create(b, loc, wrong, arith::AddFOp::create(b, loc, r, x[1]), r);
    }
    const QuotientOf division(b, loc, x[0], x[1]);
    Value above = arith::AddIOp::create(b, loc, division.rest, x[1]);
    Value y = arith::SelectOp::create(b, loc, division.roundedUp, above, division.rest);
    return arith::SelectOp::create(b, loc, division.byZero, x[0], y);
  });
}

SmallVector<Literal> RemainderOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands, restOfFloat, rest);
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/remainder.cpp.inc"
