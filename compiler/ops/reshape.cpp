#include "compiler/ops/reshape.h"
#include "build.h"
#include "lower.h"

#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"

using namespace mlir;

namespace kerf {

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

SmallVector<Value> ReshapeOp::lower(OpBuilder &builder) {
  // One collapse or expansion if there is one; else by way of the flat tensor.
  auto step = [&](Value x, RankedTensorType to) -> Value {
    const auto from = cast<RankedTensorType>(x.getType());
    if (from == to)
      return x;
    auto groups = getReassociationIndicesForReshape(from, to);
    if (!groups)
      return {};
    if (from.getRank() > to.getRank())
      return tensor::CollapseShapeOp::create(builder, getLoc(), to, x, *groups);
    return tensor::ExpandShapeOp::create(builder, getLoc(), to, x, *groups);
  };
  const RankedTensorType to = getY().getType();
  if (Value direct = step(getX(), to))
    return {direct};
  const Value flat = step(getX(), RankedTensorType::get(to.getNumElements(), to.getElementType()));
  return {step(flat, to)};
}

SmallVector<Literal> ReshapeOp::evaluate(ArrayRef<Literal> operands, Evaluation &) {
  return {operands[0].reshaped(getY().getType())};
}

} // namespace kerf

#define GET_OP_CLASSES
#include "compiler/ops/reshape.cpp.inc"
