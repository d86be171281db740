#include "compiler/ops/reshape.h"
#include "compiler/linalg_forms.h"
#include "compiler/val.h"

#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult ReshapeOp::verify() {
  return verifyRule(*this,
                    rule::reshape(shapeOf(getX().getType()), shapeOf(getY().getType()))); // C1
}

/// reshape(x) => x where the type is the same; reshape(reshape(x)) => reshape(x); splats stay
/// splats
OpFoldResult ReshapeOp::fold(FoldAdaptor operands) {
  if (getX().getType() == getY().getType())
    return getX();
  if (auto splat = dyn_cast_if_present<SplatElementsAttr>(operands.getX()))
    return splat.resizeSplat(getY().getType());
  if (auto inner = getX().getDefiningOp<ReshapeOp>()) {
    getXMutable().assign(inner.getX());
    return getY();
  }
  return {};
}

/// The elements keep their order, so J is the identity on them.
SmallVector<Value> ReshapeOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  return {reshape({builder, getLoc(), cotangents[0]}, getX().getType().getShape())};
}

/// `x` as `to`, of fewer axes or more; `groups` are the axes of the longer that make one of the
/// shorter.
static Value regroup(OpBuilder &builder, Location location, Value x, RankedTensorType to,
                     ArrayRef<ReassociationIndices> groups) {
  const int64_t rank = cast<RankedTensorType>(x.getType()).getRank();
  if (rank > to.getRank())
    return tensor::CollapseShapeOp::create(builder, location, to, x, groups);
  if (rank < to.getRank())
    return tensor::ExpandShapeOp::create(builder, location, to, x, groups);
  return x;
}

SmallVector<Value> ReshapeOp::lower(OpBuilder &builder) {
  const RankedTensorType from = getX().getType(), to = getY().getType();
  if (from == to)
    return {getX()};
  if (auto groups = getReassociationIndicesForReshape(from, to))
    return {regroup(builder, getLoc(), getX(), to, *groups)};
  // By way of the flat tensor.
  auto all = [](int64_t rank) { return ReassociationIndices(llvm::to_vector(llvm::seq(rank))); };
  const Value flat =
      regroup(builder, getLoc(), getX(),
              RankedTensorType::get(to.getNumElements(), to.getElementType()), all(from.getRank()));
  return {regroup(builder, getLoc(), flat, to, all(to.getRank()))};
}

/// The axis of `to` that is axis `axis` of `from`, both in the same row-major order.
static int axisAcross(ArrayRef<int64_t> from, ArrayRef<int64_t> to, int axis) {
  auto inner = [](ArrayRef<int64_t> shape, int axis) {
    int64_t product = 1;
    for (int64_t extent : shape.drop_front(axis + 1))
      product *= extent;
    return product;
  };
  for (int i = 0, rank = to.size(); i < rank; ++i)
    if (to[i] == from[axis] && inner(to, i) == inner(from, axis))
      return i;
  return noRows;
}

std::optional<RowAxes> ReshapeOp::rowsFromOperand(unsigned, int axis) {
  return rowAxes(axis, axisAcross(getX().getType().getShape(), getY().getType().getShape(), axis));
}
std::optional<RowAxes> ReshapeOp::rowsFromResult(int axis) {
  return rowAxes(axisAcross(getY().getType().getShape(), getX().getType().getShape(), axis), axis);
}

SmallVector<Literal> ReshapeOp::evaluate(ArrayRef<Literal> operands, Evaluation &) {
  return {operands[0].reshaped(getY().getType())};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/reshape.cpp.inc"
