#include "compiler/families/rows/row_axes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace kerf::compiler::rows {

bool isOutermost(ArrayRef<int64_t> shape, int axis) {
  return llvm::all_of(shape.take_front(axis), [](int64_t extent) { return extent == 1; });
}

/// All operands and the result have the same axes.
static std::optional<RowAxes> elementwise(Operation *op, int axis) {
  if (!op->hasTrait<Elementwise>())
    return {};
  return RowAxes{SmallVector<int>(op->getNumOperands(), axis), axis};
}

std::optional<RowAxes> fromOperand(Operation *op, unsigned operand, int axis) {
  if (auto rowwise = dyn_cast<Rowwise>(op))
    return rowwise.rowsFromOperand(operand, axis);
  return elementwise(op, axis);
}

std::optional<RowAxes> fromResult(Operation *op, int axis) {
  if (auto rowwise = dyn_cast<Rowwise>(op))
    return rowwise.rowsFromResult(axis);
  if (isa<Draw>(op) && isOutermost(cast<ShapedType>(op->getResult(0).getType()).getShape(), axis))
    return RowAxes{SmallVector<int>(op->getNumOperands(), noRows), axis};
  if (auto constant = dyn_cast<arith::ConstantOp>(op); // of which each row is the same
      constant && isa<SplatElementsAttr>(constant.getValue()))
    return RowAxes{{}, axis};
  return elementwise(op, axis);
}

} // namespace kerf::compiler::rows
