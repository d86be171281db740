#include "compiler/ops/bit_and.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {

static int64_t bits(ArrayRef<int64_t> x) { return x[0] & x[1]; }

/// a & a => a
OpFoldResult BitAndOp::fold(FoldAdaptor operands) {
  if (getA() == getB())
    return getA();
  return foldSplats(*this, {operands.getA(), operands.getB()}, nullptr, bits);
}

SmallVector<Value> BitAndOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    return arith::AndIOp::create(b, loc, x[0], x[1]);
  });
}

SmallVector<Literal> BitAndOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands, nullptr, bits);
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/bit_and.cpp.inc"
