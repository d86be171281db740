#include "compiler/ops/gather.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult GatherOp::verify() {
  return verifyRule(*this, rule::gather(shapeOf(getTable().getType()), // C1, C2
                                        shapeOf(getIndices().getType())));
}

/// y[i] = table[indices[i]], so dtable[r] = sum of dy[i] over the i with indices[i] = r.
SmallVector<Value> GatherOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  Val g(builder, getLoc(), cotangents[0]);
  RankedTensorType table = getTable().getType();
  return {g.op("scatter_add", {g, getIndices()}, table, g.i64("rows", table.getDimSize(0))),
          Value()};
}

/// Rows of indices; those of the table meet them all.
std::optional<RowAxes> GatherOp::rowsFromOperand(unsigned operand, int axis) {
  return operand == 1 ? std::optional(RowAxes{{noRows, axis}, axis}) : std::nullopt;
}
std::optional<RowAxes> GatherOp::rowsFromResult(int axis) {
  const bool isRow = axis < getIndices().getType().getRank();
  return isRow ? std::optional(RowAxes{{noRows, axis}, axis}) : std::nullopt;
}

SmallVector<Literal> GatherOp::evaluate(ArrayRef<Literal> operands, Evaluation &) {
  const Literal &table = operands[0], &indices = operands[1];
  Literal y(getType());
  const int64_t rows = table.shape()[0], width = table.size() / rows;
  for (int64_t i = 0; i < indices.size(); ++i) {
    const int64_t row = std::clamp<int64_t>(indices.ints()[i], 0, rows - 1);
    for (int64_t j = 0; j < width; ++j)
      if (y.isFloat())
        y.floats()[i * width + j] = table.floats()[row * width + j];
      else
        y.ints()[i * width + j] = table.ints()[row * width + j];
  }
  return {y};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/gather.cpp.inc"
