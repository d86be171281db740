#include "compiler/ops/scatter_add.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult ScatterAddOp::verify() {
  return verifyRule(*this, rule::scatter_add(shapeOf(getUpdates().getType()), // C1, C2, C3
                                             shapeOf(getIndices().getType()), Dim(getRows())));
}

/// updates[i] adds to y[indices[i]] once, so dupdates[i] = dy[indices[i]].
SmallVector<Value> ScatterAddOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  Val g(builder, getLoc(), cotangents[0]);
  return {g.op("gather", {g, getIndices()}, getUpdates().getType()), Value()};
}

std::optional<RowAxes> ScatterAddOp::rowsFromOperand(unsigned, int axis) {
  const bool isRow = axis < getIndices().getType().getRank();
  return isRow ? std::optional(RowAxes{{axis, axis}, noRows, /*isSum=*/true}) : std::nullopt;
}
std::optional<RowAxes> ScatterAddOp::rowsFromResult(int) { return {}; }

SmallVector<Literal> ScatterAddOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  const Literal &updates = operands[0], &indices = operands[1];
  Literal y(getType());
  Type element = getType().getElementType();
  const int64_t rows = getRows(), width = y.size() / rows;
  for (int64_t i = 0; i < indices.size(); ++i) {
    const int64_t row = std::clamp<int64_t>(indices.ints()[i], 0, rows - 1);
    for (int64_t j = 0; j < width; ++j)
      if (y.isFloat())
        y.floats()[row * width + j] += updates.floats()[i * width + j];
      else
        y.ints()[row * width + j] = wrapped(
            uint64_t(y.ints()[row * width + j]) + uint64_t(updates.ints()[i * width + j]), element);
  }
  if (y.isFloat())
    for (double &value : y.floats())
      value = evaluation.round(value, element);
  return {y};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/scatter_add.cpp.inc"
