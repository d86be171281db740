#include "compiler/ops/remainder.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/quotient.h"
#include "compiler/val.h"

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

OpFoldResult RemainderOp::fold(FoldAdaptor operands) {
  return foldSplats(*this, {operands.getA(), operands.getB()}, nullptr, rest);
}

SmallVector<Value> RemainderOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    const QuotientOf division(b, loc, x[0], x[1]);
    Value above = arith::AddIOp::create(b, loc, division.rest, x[1]);
    Value y = arith::SelectOp::create(b, loc, division.roundedUp, above, division.rest);
    return arith::SelectOp::create(b, loc, division.byZero, x[0], y);
  });
}

SmallVector<Literal> RemainderOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands, nullptr, rest);
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/remainder.cpp.inc"
