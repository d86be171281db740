#include "compiler/ops/bit_not.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {

static int64_t others(ArrayRef<int64_t> x) { return ~x[0]; }

/// ~~x => x
OpFoldResult BitNotOp::fold(FoldAdaptor operands) {
  if (auto inner = getX().getDefiningOp<BitNotOp>())
    return inner.getX();
  return foldSplats(*this, operands.getX(), nullptr, others);
}

SmallVector<Value> BitNotOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    Value all = arith::ConstantOp::create(b, loc, b.getIntegerAttr(x[0].getType(), -1));
    return arith::XOrIOp::create(b, loc, x[0], all);
  });
}

SmallVector<Literal> BitNotOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands, nullptr, others);
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/bit_not.cpp.inc"
