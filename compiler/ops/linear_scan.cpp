#include "compiler/ops/linear_scan.h"
#include "compiler/oracle/lines.h"
#include "compiler/val.h"

#include "kerf/index_rules.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult LinearScanOp::verify() {
  return verifyRule(*this, rule::linear_scan(shapeOf(getA().getType()), // C1
                                             shapeOf(getB().getType()), getAxis()));
}

/// x moved by one along `axis`, to the back or to the front, with a zero where nothing came from.
static Val moved(Val x, int64_t axis, bool toFront) {
  SmallVector<int64_t> first(x.rank(), 0), limits(x.shape()), ones(x.rank(), 1), none(x.rank(), 0);
  SmallVector<int64_t> low(none), high(none);
  (toFront ? first[axis] : limits[axis]) += toFront ? 1 : -1;
  (toFront ? high : low)[axis] = 1;
  return pad(slice(x, first, limits, ones), low, high, none);
}

/// y[i] = a[i] y[i-1] + b[i]: with g[i] = dy[i] + a[i+1] g[i+1], all that flows into y[i], db = g
/// and da[i] = g[i] y[i-1].
SmallVector<Value> LinearScanOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  auto [a, y, dy] = vals(builder, getLoc(), getA(), getY(), cotangents[0]);
  const int64_t axis = getAxis();
  if (getType().getNumElements() == 0)
    return {dy, dy};
  Val g(builder, getLoc(),
        LinearScanOp::create(builder, getLoc(), getType(), moved(a, axis, !getReverse()), dy, axis,
                             !getReverse()));
  return {unlessIdle(g, g * moved(y, axis, getReverse())), g};
}

/// dy[i] = a[i] dy[i-1] + (da[i] y[i-1] + db[i]).
SmallVector<Value> LinearScanOp::jvp(OpBuilder &builder, ValueRange tangents) {
  Value drive = tangents[1];
  if (tangents[0] && getType().getNumElements() != 0) {
    auto [y, da] = vals(builder, getLoc(), getY(), tangents[0]);
    const Val flow = unlessIdle(da, da * moved(y, getAxis(), getReverse()));
    drive = drive ? flow + Val(builder, getLoc(), drive) : flow;
  }
  if (!drive)
    return {tangents[0]};
  return {
      LinearScanOp::create(builder, getLoc(), getType(), getA(), drive, getAxis(), getReverse())};
}

std::optional<RowAxes> LinearScanOp::rowsFromResult(int axis) {
  return axis == int64_t(getAxis()) ? std::nullopt : std::optional(RowAxes{{axis, axis}, axis});
}
std::optional<RowAxes> LinearScanOp::rowsFromOperand(unsigned, int axis) {
  return rowsFromResult(axis);
}

SmallVector<Literal> LinearScanOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  const Literal &a = operands[0], &b = operands[1];
  Literal y(getType());
  Type element = getType().getElementType();
  const Lines lines(y.shape(), getAxis());
  lines.forEach([&](int64_t o, int64_t j) {
    double real = 0;
    uint64_t integer = 0;
    for (int64_t i = 0; i < lines.n; ++i) {
      const int64_t place = lines.place(o, getReverse() ? lines.n - 1 - i : i, j);
      if (y.isFloat()) {
        real = i == 0 ? b.floats()[place] : a.floats()[place] * real + b.floats()[place];
        y.floats()[place] = evaluation.round(real, element);
      } else {
        integer = i == 0 ? b.ints()[place] : uint64_t(a.ints()[place]) * integer + b.ints()[place];
        y.ints()[place] = wrapped(integer, element);
      }
    }
  });
  return {y};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/linear_scan.cpp.inc"
