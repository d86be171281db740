#include "compiler/ops/shift_left.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include <functional>

using namespace mlir;

namespace kerf::compiler {

static std::function<int64_t(ArrayRef<int64_t>)> shiftOf(Type element) {
  const uint64_t width = element.getIntOrFloatBitWidth();
  return [width](ArrayRef<int64_t> x) {
    return uint64_t(x[1]) < width ? int64_t(uint64_t(x[0]) << x[1]) : 0;
  };
}

/// a << 0 => a
OpFoldResult ShiftLeftOp::fold(FoldAdaptor operands) {
  if (isSplat(operands.getB(), 0))
    return getA();
  return foldSplats(*this, {operands.getA(), operands.getB()}, nullptr,
                    shiftOf(getType().getElementType()));
}

SmallVector<Value> ShiftLeftOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    const int64_t width = x[0].getType().getIntOrFloatBitWidth();
    auto number = [&](int64_t value) -> Value {
      return arith::ConstantOp::create(b, loc, b.getIntegerAttr(x[0].getType(), value));
    };
    Value inside = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, x[1], number(width));
    Value by = arith::AndIOp::create(b, loc, x[1], number(width - 1));
    Value shifted = arith::ShLIOp::create(b, loc, x[0], by);
    return arith::SelectOp::create(b, loc, inside, shifted, number(0));
  });
}

SmallVector<Literal> ShiftLeftOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands, nullptr,
                             shiftOf(getType().getElementType()));
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/shift_left.cpp.inc"
