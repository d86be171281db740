#include "compiler/ops/scatter_add_along.h"
#include "compiler/oracle/lines.h"
#include "compiler/val.h"

#include "kerf/index_rules.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult ScatterAddAlongOp::verify() {
  const Shape y = shapeOf(getY().getType()), updates = shapeOf(getUpdates().getType());
  const bool hasAxis = int64_t(getAxis()) < y.rank;
  return verifyRule(*this,
                    rule::scatter_add_along(updates, shapeOf(getIndices().getType()), // C1, C2
                                            getAxis(),
                                            hasAxis ? y[int(getAxis())] : Dim(1))); // C3
}

/// updates[j] adds to y[indices[j]] once, so dupdates[j] = dy[indices[j]].
SmallVector<Value> ScatterAddAlongOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  Val g(builder, getLoc(), cotangents[0]);
  return {g.op("take_along", {g, getIndices()}, getUpdates().getType(), g.i64("axis", getAxis())),
          Value()};
}

std::optional<RowAxes> ScatterAddAlongOp::rowsFromResult(int axis) {
  return axis == int64_t(getAxis()) ? std::nullopt : std::optional(RowAxes{{axis, axis}, axis});
}
std::optional<RowAxes> ScatterAddAlongOp::rowsFromOperand(unsigned, int axis) {
  return rowsFromResult(axis);
}

SmallVector<Literal> ScatterAddAlongOp::evaluate(ArrayRef<Literal> operands,
                                                 Evaluation &evaluation) {
  const Literal &updates = operands[0], &indices = operands[1];
  Literal y(getType());
  Type element = getType().getElementType();
  const Lines from(updates.shape(), getAxis()), to(y.shape(), getAxis());
  from.forEach([&](int64_t o, int64_t j) {
    for (int64_t i = 0; i < from.n; ++i) {
      const int64_t place = from.place(o, i, j);
      const int64_t index = std::clamp<int64_t>(indices.ints()[place], 0, to.n - 1);
      const int64_t sum = to.place(o, index, j);
      if (y.isFloat())
        y.floats()[sum] += updates.floats()[place];
      else
        y.ints()[sum] = wrapped(uint64_t(y.ints()[sum]) + uint64_t(updates.ints()[place]), element);
    }
  });
  if (y.isFloat())
    for (double &value : y.floats())
      value = evaluation.round(value, element);
  return {y};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/scatter_add_along.cpp.inc"
