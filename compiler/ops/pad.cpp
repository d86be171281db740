#include "compiler/ops/pad.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/dense.h"
#include "compiler/val.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult PadOp::verify() {
  return verifyRule(*this, rule::pad(shapeOf(getX().getType()), intsOf(getLow()), intsOf(getHigh()),
                                     intsOf(getInterior()))); // C1, C2
}

/// Nothing added => x; zeros (not -0) among zeros => zeros
OpFoldResult PadOp::fold(FoldAdaptor operands) {
  if (getX().getType() == getY().getType())
    return getX();
  if (isSplat(operands.getX(), 0))
    return cast<SplatElementsAttr>(operands.getX()).resizeSplat(getY().getType());
  return {};
}

/// Distance in y between neighbours of x.
static SmallVector<int64_t> strides(PadOp op) {
  return llvm::map_to_vector(op.getInterior(), [](int64_t gap) { return gap + 1; });
}

/// J scatters x among zeros, so J^T takes every element from where it was put.
SmallVector<Value> PadOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  SmallVector<int64_t> limits;
  for (auto [low, gap, extent] :
       llvm::zip_equal(getLow(), getInterior(), getX().getType().getShape()))
    limits.push_back(low + (extent == 0 ? 0 : (extent - 1) * (gap + 1) + 1));
  return {slice({builder, getLoc(), cotangents[0]}, getLow(), limits, strides(*this))};
}

SmallVector<Value> PadOp::lower(OpBuilder &builder) {
  const RankedTensorType type = getY().getType();
  const Value zero =
      arith::ConstantOp::create(builder, getLoc(), builder.getZeroAttr(type.getElementType()));
  const Value empty =
      tensor::EmptyOp::create(builder, getLoc(), type.getShape(), type.getElementType());
  const Value zeros = linalg::FillOp::create(builder, getLoc(), zero, empty).getResult(0);
  if (getX().getType().getNumElements() == 0)
    return {zeros};
  MLIRContext *context = getContext();
  return {tensor::InsertSliceOp::create(
      builder, getLoc(), getX(), zeros, getAsIndexOpFoldResult(context, getLow()),
      getAsIndexOpFoldResult(context, getX().getType().getShape()),
      getAsIndexOpFoldResult(context, strides(*this)))};
}

/// An axis to which nothing is added.
std::optional<RowAxes> PadOp::rowsFromResult(int axis) {
  const bool isBare = getLow()[axis] == 0 && getHigh()[axis] == 0 && getInterior()[axis] == 0;
  return isBare ? rowAxes(axis, axis) : std::nullopt;
}
std::optional<RowAxes> PadOp::rowsFromOperand(unsigned, int axis) { return rowsFromResult(axis); }

SmallVector<Literal> PadOp::evaluate(ArrayRef<Literal> operands, Evaluation &) {
  const Literal &x = operands[0];
  Literal y(getY().getType());
  if (x.size() > 0)
    copyStrided(x.shape(), x, walkAll(x.shape()), y,
                walkSlice(y.shape(), getLow(), strides(*this)));
  return {y};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/pad.cpp.inc"
