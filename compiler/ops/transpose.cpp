#include "compiler/ops/transpose.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/dense.h"
#include "compiler/val.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult TransposeOp::verify() {
  return verifyRule(*this,
                    rule::transpose(shapeOf(getX().getType()), intsOf(getPermutation()))); // C1, C2
}

/// The identity => x; a transpose of a transpose => one; splats stay splats
OpFoldResult TransposeOp::fold(FoldAdaptor operands) {
  if (isIdentityPermutation(getPermutation()))
    return getX();
  if (auto splat = dyn_cast_if_present<SplatElementsAttr>(operands.getX()))
    return splat.resizeSplat(getY().getType());
  if (auto inner = getX().getDefiningOp<TransposeOp>()) {
    setPermutation(applyPermutation(inner.getPermutation(), getPermutation()));
    getXMutable().assign(inner.getX());
    return getY();
  }
  return {};
}

/// J is a permutation matrix, so J^T is its inverse.
SmallVector<Value> TransposeOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  return {transpose({builder, getLoc(), cotangents[0]}, invertPermutationVector(getPermutation()))};
}

SmallVector<Value> TransposeOp::lower(OpBuilder &builder) {
  const auto map = AffineMap::getPermutationMap(
      ArrayRef<int64_t>(invertPermutationVector(getPermutation())), getContext());
  return {lowerIndexing(builder, getLoc(), getX(), getY().getType(), map)};
}

std::optional<RowAxes> TransposeOp::rowsFromOperand(unsigned, int axis) {
  return rowAxes(axis, placeIn(getPermutation(), axis));
}
std::optional<RowAxes> TransposeOp::rowsFromResult(int axis) {
  return rowAxes(int(getPermutation()[axis]), axis);
}

SmallVector<Literal> TransposeOp::evaluate(ArrayRef<Literal> operands, Evaluation &) {
  Literal y(getY().getType());
  copyStrided(y.shape(), operands[0], walkAxes(operands[0].shape(), getPermutation()), y,
              walkAll(y.shape()));
  return {y};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/transpose.cpp.inc"
