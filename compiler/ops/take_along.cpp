#include "compiler/ops/take_along.h"
#include "compiler/oracle/lines.h"
#include "compiler/val.h"

#include "kerf/index_rules.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult TakeAlongOp::verify() {
  return verifyRule(*this, rule::take_along(shapeOf(getX().getType()), // C1, C2, C3
                                            shapeOf(getIndices().getType()), getAxis()));
}

/// y[j] = x[indices[j]], so dx[r] = sum of dy[j] over the j with indices[j] = r.
SmallVector<Value> TakeAlongOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  Val g(builder, getLoc(), cotangents[0]);
  return {g.op("scatter_add_along", {g, getIndices()}, getX().getType(), g.i64("axis", getAxis())),
          Value()};
}

std::optional<RowAxes> TakeAlongOp::rowsFromResult(int axis) {
  return axis == int64_t(getAxis()) ? std::nullopt : std::optional(RowAxes{{axis, axis}, axis});
}
std::optional<RowAxes> TakeAlongOp::rowsFromOperand(unsigned, int axis) {
  return rowsFromResult(axis);
}

SmallVector<Literal> TakeAlongOp::evaluate(ArrayRef<Literal> operands, Evaluation &) {
  const Literal &x = operands[0], &indices = operands[1];
  Literal y(getType());
  const Lines from(x.shape(), getAxis()), to(y.shape(), getAxis());
  to.forEach([&](int64_t o, int64_t j) {
    for (int64_t i = 0; i < to.n; ++i) {
      const int64_t place = to.place(o, i, j);
      const int64_t index = std::clamp<int64_t>(indices.ints()[place], 0, from.n - 1);
      copyElement(x, from.place(o, index, j), y, place);
    }
  });
  return {y};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/take_along.cpp.inc"
