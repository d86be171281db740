#include "compiler/ops/bit_or.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {

static int64_t bits(ArrayRef<int64_t> x) { return x[0] | x[1]; }

/// a | a => a
OpFoldResult BitOrOp::fold(FoldAdaptor operands) {
  if (getA() == getB())
    return getA();
  return foldSplats(*this, {operands.getA(), operands.getB()}, nullptr, bits);
}

SmallVector<Value> BitOrOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    return arith::OrIOp::create(b, loc, x[0], x[1]);
  });
}

SmallVector<Literal> BitOrOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands, nullptr, bits);
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/bit_or.cpp.inc"
