#include "compiler/ops/slice_at.h"
#include "compiler/clamped_offset.h"
#include "compiler/oracle/lines.h"
#include "compiler/val.h"

#include "kerf/index_rules.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult SliceAtOp::verify() {
  const Shape x = shapeOf(getX().getType()), y = shapeOf(getY().getType());
  const bool hasAxis = int64_t(getAxis()) < y.rank;
  return verifyRule(*this, rule::slice_at(x, shapeOf(getOffset().getType()), getAxis(), // C1, C2
                                          hasAxis ? y[int(getAxis())] : Dim(0)));
}

/// J selects, so J^T puts every element back where it was taken, among zeros.
SmallVector<Value> SliceAtOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  auto [x, g] = vals(builder, getLoc(), getX(), cotangents[0]);
  return {g.op("update_at", {x.constant(0), getOffset(), g}, x.type(), g.i64("axis", getAxis())),
          Value()};
}

SmallVector<Value> SliceAtOp::lower(OpBuilder &builder) {
  const RankedTensorType x = getX().getType(), y = getY().getType();
  if (y.getNumElements() == 0)
    return {tensor::EmptyOp::create(builder, getLoc(), y.getShape(), y.getElementType())};
  const int64_t axis = getAxis(), most = x.getDimSize(axis) - y.getDimSize(axis);
  SmallVector<OpFoldResult> strides(x.getRank(), builder.getIndexAttr(1));
  return {tensor::ExtractSliceOp::create(
      builder, getLoc(), y, getX(),
      clampedOffsets(builder, getLoc(), x.getRank(), axis, getOffset(), most),
      getAsIndexOpFoldResult(getContext(), y.getShape()), strides)};
}

std::optional<RowAxes> SliceAtOp::rowsFromResult(int axis) {
  return axis == int64_t(getAxis()) ? std::nullopt : std::optional(RowAxes{{axis, noRows}, axis});
}
std::optional<RowAxes> SliceAtOp::rowsFromOperand(unsigned operand, int axis) {
  return operand == 0 ? rowsFromResult(axis) : std::nullopt;
}

SmallVector<Literal> SliceAtOp::evaluate(ArrayRef<Literal> operands, Evaluation &) {
  const Literal &x = operands[0];
  Literal y(getY().getType());
  const Lines from(x.shape(), getAxis()), to(y.shape(), getAxis());
  const int64_t at = std::clamp<int64_t>(operands[1].ints()[0], 0, from.n - to.n);
  to.forEach([&](int64_t o, int64_t j) {
    for (int64_t i = 0; i < to.n; ++i)
      copyElement(x, from.place(o, at + i, j), y, to.place(o, i, j));
  });
  return {y};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/slice_at.cpp.inc"
