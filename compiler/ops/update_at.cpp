#include "compiler/ops/update_at.h"
#include "compiler/clamped_offset.h"
#include "compiler/oracle/lines.h"
#include "compiler/val.h"

#include "kerf/index_rules.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult UpdateAtOp::verify() {
  return verifyRule(*this, rule::update_at(shapeOf(getX().getType()), // C1, C2
                                           shapeOf(getOffset().getType()),
                                           shapeOf(getUpdate().getType()), getAxis()));
}

/// What the update hides of x has no part in y.
SmallVector<Value> UpdateAtOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  auto [update, g] = vals(builder, getLoc(), getUpdate(), cotangents[0]);
  NamedAttribute axis = g.i64("axis", getAxis());
  return {g.op("update_at", {g, getOffset(), update.constant(0)}, g.type(), axis), Value(),
          g.op("slice_at", {g, getOffset()}, update.type(), axis)};
}

SmallVector<Value> UpdateAtOp::lower(OpBuilder &builder) {
  const RankedTensorType x = getX().getType(), update = getUpdate().getType();
  if (update.getNumElements() == 0)
    return {getX()};
  const int64_t axis = getAxis(), most = x.getDimSize(axis) - update.getDimSize(axis);
  SmallVector<OpFoldResult> strides(x.getRank(), builder.getIndexAttr(1));
  return {tensor::InsertSliceOp::create(
      builder, getLoc(), getUpdate(), getX(),
      clampedOffsets(builder, getLoc(), x.getRank(), axis, getOffset(), most),
      getAsIndexOpFoldResult(getContext(), update.getShape()), strides)};
}

std::optional<RowAxes> UpdateAtOp::rowsFromResult(int axis) {
  return axis == int64_t(getAxis()) ? std::nullopt
                                    : std::optional(RowAxes{{axis, noRows, axis}, axis});
}
std::optional<RowAxes> UpdateAtOp::rowsFromOperand(unsigned operand, int axis) {
  return operand == 1 ? std::nullopt : rowsFromResult(axis);
}

SmallVector<Literal> UpdateAtOp::evaluate(ArrayRef<Literal> operands, Evaluation &) {
  const Literal &x = operands[0], &update = operands[2];
  Literal y(getY().getType());
  const Lines to(y.shape(), getAxis()), from(update.shape(), getAxis());
  const int64_t at = std::clamp<int64_t>(operands[1].ints()[0], 0, to.n - from.n);
  to.forEach([&](int64_t o, int64_t j) {
    for (int64_t i = 0; i < to.n; ++i)
      if (i < at || i >= at + from.n)
        copyElement(x, to.place(o, i, j), y, to.place(o, i, j));
      else
        copyElement(update, from.place(o, i - at, j), y, to.place(o, i, j));
  });
  return {y};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/update_at.cpp.inc"
