#include "compiler/ops/cumsum.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult CumsumOp::verify() {
  return verifyRule(*this, rule::along(shapeOf(getX().getType()), getAxis())); // C1
}

/// x[j] is in y[i] for all i behind j, so dx[j] is the sum of their dy[i].
SmallVector<Value> CumsumOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  return {CumsumOp::create(builder, getLoc(), getType(), cotangents[0], getAxis(), getExclusive(),
                           !getReverse())};
}

std::optional<RowAxes> CumsumOp::rowsFromResult(int axis) {
  return axis == int64_t(getAxis()) ? std::nullopt : rowAxes(axis, axis);
}
std::optional<RowAxes> CumsumOp::rowsFromOperand(unsigned, int axis) {
  return rowsFromResult(axis);
}

SmallVector<Literal> CumsumOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  const Literal &x = operands[0];
  Literal y(getType());
  Type element = getType().getElementType();
  std::vector<std::pair<int64_t, int64_t>> places; // of every element, and of its line
  forEachReduced(x.shape(), int64_t(getAxis()),
                 [&](int64_t from, int64_t line) { places.emplace_back(from, line); });
  if (getReverse())
    std::reverse(places.begin(), places.end());
  std::vector<double> floats(x.size()); // the sums of lines
  std::vector<uint64_t> ints(x.size());
  for (auto [place, line] : places) {
    if (x.isFloat()) {
      const double before = floats[line];
      floats[line] += x.floats()[place];
      y.floats()[place] = evaluation.round(getExclusive() ? before : floats[line], element);
    } else {
      const uint64_t before = ints[line];
      ints[line] += uint64_t(x.ints()[place]);
      y.ints()[place] = wrapped(getExclusive() ? before : ints[line], element);
    }
  }
  return {y};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/cumsum.cpp.inc"
