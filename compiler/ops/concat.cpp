#include "compiler/ops/concat.h"
#include "compiler/oracle/dense.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult ConcatOp::verify() {
  Rule rule = shapeOf(getX().front().getType());
  if (getAxis() >= uint64_t(rule.shape.rank)) // C2
    rule =
        fail("axis ", int64_t(getAxis()), " is outside [0, ", rule.shape.rank, ") of ", rule.shape);
  for (Value next : getX().drop_front())
    if (rule.ok) // C3
      rule = rule::concat(rule.shape, shapeOf(next.getType()), getAxis());
  return verifyRule(*this, rule);
}

/// concat(x) => x
OpFoldResult ConcatOp::fold(FoldAdaptor) {
  return getX().size() == 1 ? OpFoldResult(getX().front()) : OpFoldResult();
}

/// y = [x0; x1; ...], so dx_i = the part of dy where x_i stands.
SmallVector<Value> ConcatOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  const ArrayRef<int64_t> shape = getY().getType().getShape();
  SmallVector<int64_t> offsets(shape.size(), 0), limits(shape), strides(shape.size(), 1);
  SmallVector<Value> parts;
  for (Value x : getX()) {
    limits[getAxis()] =
        offsets[getAxis()] + cast<RankedTensorType>(x.getType()).getDimSize(getAxis());
    parts.push_back(slice({builder, getLoc(), cotangents[0]}, offsets, limits, strides));
    offsets[getAxis()] = limits[getAxis()];
  }
  return parts;
}

/// One op of all parts: as insertions one into another, bufferization would compare each with each.
SmallVector<Value> ConcatOp::lower(OpBuilder &builder) {
  const auto hasElements = [](Value x) {
    return cast<RankedTensorType>(x.getType()).getNumElements() != 0;
  };
  const SmallVector<Value> parts = llvm::to_vector(llvm::make_filter_range(getX(), hasElements));
  const RankedTensorType type = getY().getType();
  if (parts.empty())
    return {tensor::EmptyOp::create(builder, getLoc(), type.getShape(), type.getElementType())};
  return {tensor::ConcatOp::create(builder, getLoc(), type, getAxis(), parts)};
}

std::optional<RowAxes> ConcatOp::rowsFromResult(int axis) {
  if (int64_t(getAxis()) == axis)
    return {};
  return RowAxes{SmallVector<int>(getX().size(), axis), axis};
}
std::optional<RowAxes> ConcatOp::rowsFromOperand(unsigned, int axis) {
  return rowsFromResult(axis);
}

SmallVector<Literal> ConcatOp::evaluate(ArrayRef<Literal> operands, Evaluation &) {
  Literal y(getY().getType());
  SmallVector<int64_t> offsets(y.shape().size(), 0);
  const SmallVector<int64_t> strides(y.shape().size(), 1);
  for (const Literal &x : operands) {
    copyStrided(x.shape(), x, walkAll(x.shape()), y, walkSlice(y.shape(), offsets, strides));
    offsets[getAxis()] += x.shape()[getAxis()];
  }
  return {y};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/concat.cpp.inc"
