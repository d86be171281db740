#include "compiler/ops/slice.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/dense.h"
#include "compiler/val.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult SliceOp::verify() {
  return verifyRule(*this, rule::slice(shapeOf(getX().getType()), intsOf(getOffsets()),
                                       intsOf(getLimits()), intsOf(getStrides()))); // C1 to C4
}

/// All of x => x; splats stay splats
OpFoldResult SliceOp::fold(FoldAdaptor operands) {
  if (getX().getType() == getY().getType())
    return getX();
  if (auto splat = dyn_cast_if_present<SplatElementsAttr>(operands.getX()))
    return splat.resizeSplat(getY().getType());
  return {};
}

/// J selects, so J^T puts every element back where it was taken, among zeros.
SmallVector<Value> SliceOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  SmallVector<int64_t> high, interior;
  for (auto [offset, stride, extent, count] : llvm::zip_equal(
           getOffsets(), getStrides(), getX().getType().getShape(), getY().getType().getShape())) {
    interior.push_back(stride - 1);
    high.push_back(extent - offset - (count == 0 ? 0 : (count - 1) * stride + 1));
  }
  return {pad({builder, getLoc(), cotangents[0]}, getOffsets(), high, interior)};
}

SmallVector<Value> SliceOp::lower(OpBuilder &builder) {
  const RankedTensorType type = getY().getType();
  if (type.getNumElements() == 0) // extract_slice wants its offsets inside
    return {tensor::EmptyOp::create(builder, getLoc(), type.getShape(), type.getElementType())};
  MLIRContext *context = getContext();
  return {tensor::ExtractSliceOp::create(builder, getLoc(), type, getX(),
                                         getAsIndexOpFoldResult(context, getOffsets()),
                                         getAsIndexOpFoldResult(context, type.getShape()),
                                         getAsIndexOpFoldResult(context, getStrides()))};
}

/// An axis of which all is taken.
std::optional<RowAxes> SliceOp::rowsFromResult(int axis) {
  const bool isWhole = getOffsets()[axis] == 0 && getStrides()[axis] == 1 &&
                       getLimits()[axis] == getX().getType().getDimSize(axis);
  return isWhole ? rowAxes(axis, axis) : std::nullopt;
}
std::optional<RowAxes> SliceOp::rowsFromOperand(unsigned, int axis) { return rowsFromResult(axis); }

void SliceOp::followRows(int axis, int64_t rows) {
  SmallVector<int64_t> limits(getLimits());
  limits[axis] = rows;
  setLimits(limits);
}

SmallVector<Literal> SliceOp::evaluate(ArrayRef<Literal> operands, Evaluation &) {
  Literal y(getY().getType());
  copyStrided(y.shape(), operands[0], walkSlice(operands[0].shape(), getOffsets(), getStrides()), y,
              walkAll(y.shape()));
  return {y};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/slice.cpp.inc"
