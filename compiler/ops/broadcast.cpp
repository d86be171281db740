#include "compiler/ops/broadcast.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/dense.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult BroadcastOp::verify() {
  return verifyRule(*this, rule::broadcast(shapeOf(getX().getType()), shapeOf(getY().getType()),
                                           intsOf(getDims()))); // C1, C2
}

/// To its own shape => x; a broadcast of a broadcast => one; splats stay splats
OpFoldResult BroadcastOp::fold(FoldAdaptor operands) {
  if (getX().getType() == getY().getType())
    return getX();
  if (auto splat = dyn_cast_if_present<SplatElementsAttr>(operands.getX()))
    return splat.resizeSplat(getY().getType());
  if (auto inner = getX().getDefiningOp<BroadcastOp>()) {
    SmallVector<int64_t> dims;
    for (int64_t axis : inner.getDims())
      dims.push_back(getDims()[axis]);
    setDims(dims);
    getXMutable().assign(inner.getX());
    return getY();
  }
  return {};
}

/// y = x repeated: every copy adds its cotangent to the one element that it came from.
SmallVector<Value> BroadcastOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  const ArrayRef<int64_t> from = getX().getType().getShape(), to = getY().getType().getShape();
  SmallVector<int64_t> repeated;
  for (auto [axis, extent] : llvm::enumerate(to)) {
    const auto *source = llvm::find(getDims(), int64_t(axis));
    if (source == getDims().end() || from[source - getDims().begin()] != extent)
      repeated.push_back(axis);
  }
  Val dx(builder, getLoc(), cotangents[0]);
  if (!repeated.empty())
    dx = sum(dx, repeated);
  if (dx.shape() != from) // repeated axes of extent 1 in x
    dx = reshape(dx, from);
  return {dx};
}

SmallVector<Value> BroadcastOp::lower(OpBuilder &builder) {
  SmallVector<AffineExpr> index;
  for (auto [axis, extent] : llvm::zip_equal(getDims(), getX().getType().getShape()))
    index.push_back(extent == getY().getType().getDimSize(axis) ? builder.getAffineDimExpr(axis)
                                                                : builder.getAffineConstantExpr(0));
  const auto map = AffineMap::get(getY().getType().getRank(), 0, index, getContext());
  return {lowerIndexing(builder, getLoc(), getX(), getY().getType(), map)};
}

std::optional<RowAxes> BroadcastOp::rowsFromOperand(unsigned, int axis) {
  return rowAxes(axis, int(getDims()[axis]));
}
/// Along a new axis every row sees the same.
std::optional<RowAxes> BroadcastOp::rowsFromResult(int axis) {
  const int from = placeIn(getDims(), axis);
  const bool isRepeated =
      from == noRows || getX().getType().getDimSize(from) != getY().getType().getDimSize(axis);
  return RowAxes{{isRepeated ? noRows : from}, axis};
}

SmallVector<Literal> BroadcastOp::evaluate(ArrayRef<Literal> operands, Evaluation &) {
  Literal y(getY().getType());
  const auto strides = stridesOf(operands[0].shape());
  Walk walk{0, SmallVector<int64_t>(y.shape().size(), 0)};
  for (auto [i, axis] : llvm::enumerate(getDims()))
    if (operands[0].shape()[i] == y.shape()[axis])
      walk.steps[axis] = strides[i];
  copyStrided(y.shape(), operands[0], walk, y, walkAll(y.shape()));
  return {y};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/broadcast.cpp.inc"
