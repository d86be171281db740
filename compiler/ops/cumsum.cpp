#include "compiler/ops/cumsum.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult CumsumOp::verify() {
  return verifyRule(*this, rule::along(shapeOf(getX().getType()), getAxis())); // C1
}

/// x[j] is in y[i] for all i behind j, so dx[j] is the sum of their dy[i].
SmallVector<Value> CumsumOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  return {CumsumOp::create(builder, getLoc(), getType(), cotangents[0], getAxis(), getExclusive(),
                           !getReverse())};
}

std::optional<RowAxes> CumsumOp::rowsFromResult(int axis) {
  return axis == int64_t(getAxis()) ? std::nullopt : rowAxes(axis, axis);
}
std::optional<RowAxes> CumsumOp::rowsFromOperand(unsigned, int axis) {
  return rowsFromResult(axis);
}

/// visit(place, isFirst): the elements along the axis in the order of the sum, line by line;
/// `isFirst` of its line.
static void forEachInLine(CumsumOp op, ArrayRef<int64_t> shape,
                          function_ref<void(int64_t place, bool isFirst)> visit) {
  const int64_t length = shape[op.getAxis()], step = stridesOf(shape)[op.getAxis()];
  int64_t lines = 1;
  for (auto [axis, extent] : llvm::enumerate(shape))
    lines *= axis == op.getAxis() ? 1 : extent;
  for (int64_t line = 0; line < lines; ++line)
    for (int64_t i = 0; i < length; ++i)
      visit(line / step * step * length + line % step +
                step * (op.getReverse() ? length - 1 - i : i),
            i == 0);
}

SmallVector<Literal> CumsumOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  const Literal &x = operands[0];
  Literal y(getType());
  Type element = getType().getElementType();
  double floats = 0;
  uint64_t ints = 0;
  forEachInLine(*this, x.shape(), [&](int64_t place, bool isFirst) {
    if (isFirst)
      floats = 0, ints = 0;
    if (x.isFloat()) {
      const double before = floats;
      floats += x.floats()[place];
      y.floats()[place] = evaluation.round(getExclusive() ? before : floats, element);
    } else {
      const uint64_t before = ints;
      ints += uint64_t(x.ints()[place]);
      y.ints()[place] = wrapped(getExclusive() ? before : ints, element);
    }
  });
  return {y};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/cumsum.cpp.inc"
