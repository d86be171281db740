#include "compiler/ops/shift_right.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include <functional>

using namespace mlir;

namespace kerf::compiler {

static std::function<int64_t(ArrayRef<int64_t>)> shiftOf(Type element) {
  const uint64_t width = element.getIntOrFloatBitWidth();
  return [width](ArrayRef<int64_t> x) { return x[0] >> std::min(uint64_t(x[1]), width - 1); };
}

/// a >> 0 => a
OpFoldResult ShiftRightOp::fold(FoldAdaptor operands) {
  if (isSplat(operands.getB(), 0))
    return getA();
  return foldSplats(*this, {operands.getA(), operands.getB()}, nullptr,
                    shiftOf(getType().getElementType()));
}

SmallVector<Value> ShiftRightOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    const int64_t width = x[0].getType().getIntOrFloatBitWidth();
    Value most = arith::ConstantOp::create(b, loc, b.getIntegerAttr(x[0].getType(), width - 1));
    Value by = arith::MinUIOp::create(b, loc, x[1], most);
    return arith::ShRSIOp::create(b, loc, x[0], by);
  });
}

SmallVector<Literal> ShiftRightOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands, nullptr,
                             shiftOf(getType().getElementType()));
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/shift_right.cpp.inc"
