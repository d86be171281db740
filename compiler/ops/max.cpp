#include "compiler/ops/max.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

static double larger(double a, double b) {
  if (std::isnan(a) || std::isnan(b))
    return std::numeric_limits<double>::quiet_NaN();
  return a == b ? (std::signbit(a) ? b : a) : std::max(a, b);
}

static int64_t smallestInt(Type element) {
  return APInt::getSignedMinValue(element.getIntOrFloatBitWidth()).getSExtValue();
}

LogicalResult MaxOp::verify() {
  return verifyRule(*this, rule::reduce(shapeOf(getX().getType()), intsOf(getAxes()))); // C1, C2
}

/// over no axes => x
OpFoldResult MaxOp::fold(FoldAdaptor) {
  if (getAxes().empty())
    return getX();
  return {};
}

/// With m = [x = y], the n = sum(m) winners share: dx = m * dy / n.
SmallVector<Value> MaxOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  auto [x, y, g] = vals(builder, getLoc(), getX(), getY(), cotangents[0]);
  SmallVector<int64_t> kept = otherAxes(x.rank(), getAxes());
  Val winners = cast(compare("eq", x, broadcast(y, x.shape(), kept)), x.type().getElementType());
  Val share = unlessIdle(g, g / sum(winners, getAxes())); // the sum is 0 where x holds a NaN
  return {winners * broadcast(share, x.shape(), kept)};
}

SmallVector<Value> MaxOp::lower(OpBuilder &builder) {
  Type element = getType().getElementType();
  TypedAttr least = isa<FloatType>(element)
                        ? TypedAttr(builder.getFloatAttr(element, -INFINITY))
                        : TypedAttr(builder.getIntegerAttr(element, smallestInt(element)));
  return {lowerReduction(builder, getLoc(), getX(), getType(), getAxes(), least,
                         [](OpBuilder &b, Location loc, ValueRange x) -> Value {
                           if (isa<FloatType>(x[0].getType()))
                             return arith::MaximumFOp::create(b, loc, x[1], x[0]);
                           return arith::MaxSIOp::create(b, loc, x[1], x[0]);
                         })};
}

std::optional<RowAxes> MaxOp::rowsFromOperand(unsigned, int axis) {
  if (llvm::is_contained(getAxes(), axis))
    return {};
  return rowAxes(axis, afterDropping(getAxes(), axis));
}
std::optional<RowAxes> MaxOp::rowsFromResult(int axis) {
  return rowAxes(beforeDropping(getAxes(), axis), axis);
}

SmallVector<Literal> MaxOp::evaluate(ArrayRef<Literal> operands, Evaluation &) {
  const Literal &x = operands[0];
  Literal y(getType());
  if (x.isFloat()) {
    llvm::fill(y.floats(), -INFINITY);
    forEachReduced(x.shape(), getAxes(), [&](int64_t from, int64_t to) {
      y.floats()[to] = larger(y.floats()[to], x.floats()[from]);
    });
  } else {
    llvm::fill(y.ints(), smallestInt(getType().getElementType()));
    forEachReduced(x.shape(), getAxes(), [&](int64_t from, int64_t to) {
      y.ints()[to] = std::max(y.ints()[to], x.ints()[from]);
    });
  }
  return {y};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/max.cpp.inc"
