#include "compiler/ops/argmin.h"
#include "compiler/oracle/argmin.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult ArgminOp::verify() {
  return verifyRule(*this, rule::argmin(shapeOf(getX().getType()), getAxis())); // C1, C2, C3
}

template <class T>
static Literal leastAlong(ArgminOp op, const Literal &x, const std::vector<T> &elements,
                          Evaluation &evaluation) {
  const std::optional<Literal> forced = evaluation.forcedResult(op);
  Literal y(op.getType());
  const int64_t axis = op.getAxis(), length = x.shape()[axis];
  const int64_t step = stridesOf(x.shape())[axis];
  for (int64_t i = 0; i < y.size(); ++i) {
    Row<T> row{elements.data() + i / step * step * length + i % step, length, step};
    y.ints()[i] = choose(op, evaluation, i, row, forced ? &forced->ints()[i] : nullptr);
  }
  return y;
}

std::optional<RowAxes> ArgminOp::rowsFromOperand(unsigned, int axis) {
  const int64_t dropped = getAxis();
  return axis == dropped ? std::nullopt : rowAxes(axis, afterDropping(dropped, axis));
}
std::optional<RowAxes> ArgminOp::rowsFromResult(int axis) {
  const int64_t dropped = getAxis();
  return rowAxes(beforeDropping(dropped, axis), axis);
}

SmallVector<Literal> ArgminOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  const Literal &x = operands[0];
  return {x.isFloat() ? leastAlong(*this, x, x.floats(), evaluation)
                      : leastAlong(*this, x, x.ints(), evaluation)};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/argmin.cpp.inc"
