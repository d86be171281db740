#include "compiler/ops/floor_divide.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/quotient.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {

static int64_t quotient(ArrayRef<int64_t> x) {
  if (x[1] == 0)
    return 0;
  if (x[1] == -1) // the machine's division has no result for the smallest integer
    return int64_t(0 - uint64_t(x[0]));
  return x[0] / x[1] - (x[0] % x[1] != 0 && (x[0] < 0) != (x[1] < 0));
}

/// a / 1 => a
OpFoldResult FloorDivideOp::fold(FoldAdaptor operands) {
  if (isSplat(operands.getB(), 1))
    return getA();
  return foldSplats(*this, {operands.getA(), operands.getB()}, nullptr, quotient);
}

SmallVector<Value> FloorDivideOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    const QuotientOf division(b, loc, x[0], x[1]);
    Value one = division.number(1), zero = division.number(0);
    Value below = arith::SubIOp::create(b, loc, division.quotient, one);
    Value y = arith::SelectOp::create(b, loc, division.roundedUp, below, division.quotient);
    return arith::SelectOp::create(b, loc, division.byZero, zero, y);
  });
}

SmallVector<Literal> FloorDivideOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands, nullptr, quotient);
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/floor_divide.cpp.inc"
