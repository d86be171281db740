#include "compiler/ops/sum.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult SumOp::verify() {
  return verifyRule(*this, rule::reduce(shapeOf(getX().getType()), intsOf(getAxes()))); // C1, C2
}

/// over no axes => x
OpFoldResult SumOp::fold(FoldAdaptor) {
  if (getAxes().empty())
    return getX();
  return {};
}

/// Every x[j, k] adds to y[j] once, so dx[j, k] = dy[j].
SmallVector<Value> SumOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  Val g(builder, getLoc(), cotangents[0]);
  ArrayRef<int64_t> shape = getX().getType().getShape();
  return {broadcast(g, shape, otherAxes(shape.size(), getAxes()))};
}

SmallVector<Value> SumOp::lower(OpBuilder &builder) {
  TypedAttr zero = builder.getZeroAttr(getType().getElementType());
  return {lowerReduction(builder, getLoc(), getX(), getType(), getAxes(), zero,
                         [](OpBuilder &b, Location loc, ValueRange x) -> Value {
                           if (isa<FloatType>(x[0].getType()))
                             return arith::AddFOp::create(b, loc, x[1], x[0]);
                           return arith::AddIOp::create(b, loc, x[1], x[0]);
                         })};
}

std::optional<RowAxes> SumOp::rowsFromOperand(unsigned, int axis) {
  if (llvm::is_contained(getAxes(), axis))
    return RowAxes{{axis}, noRows, /*isSum=*/true};
  return rowAxes(axis, afterDropping(getAxes(), axis));
}
std::optional<RowAxes> SumOp::rowsFromResult(int axis) {
  return rowAxes(beforeDropping(getAxes(), axis), axis);
}

SmallVector<Literal> SumOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  const Literal &x = operands[0];
  if (getAxes().empty()) // no addition, so that -0 stays
    return {x};
  Literal y(getType());
  Type element = getType().getElementType();
  if (x.isFloat()) {
    forEachReduced(x.shape(), getAxes(),
                   [&](int64_t from, int64_t to) { y.floats()[to] += x.floats()[from]; });
    for (double &value : y.floats())
      value = evaluation.round(value, element);
  } else {
    forEachReduced(x.shape(), getAxes(), [&](int64_t from, int64_t to) {
      y.ints()[to] = wrapped(uint64_t(y.ints()[to]) + uint64_t(x.ints()[from]), element);
    });
  }
  return {y};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/sum.cpp.inc"
