#include "compiler/match/scaled_view.h"
#include "compiler/dialect.h"

#include "compiler/ops/div.h"
#include "compiler/ops/mul.h"
#include "compiler/ops/neg.h"
#include "compiler/ops/stop_gradient.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace kerf::compiler {

Value outside(Value x) {
  while (auto argument = dyn_cast<BlockArgument>(x)) {
    auto loop = dyn_cast<Loop>(argument.getOwner()->getParentOp());
    Value before = loop ? loop.outsideOf(argument) : Value();
    if (!before)
      break;
    x = before;
  }
  return x;
}

std::optional<double> splatNumber(Value x) {
  DenseElementsAttr value;
  if (!matchPattern(x, m_Constant(&value)) || !value.isSplat() ||
      !isa<FloatType>(value.getElementType()))
    return {};
  return value.getSplatValue<APFloat>().convertToDouble();
}

/// What a factor is, these ops say; a fact would say no more.
Multiple multipleOf(Value x) {
  Operation *op = x.getDefiningOp();
  if (!op)
    return {};
  if (auto neg = dyn_cast<NegOp>(op))
    return {neg.getX(), -1.};
  if (auto stop = dyn_cast<StopGradientOp>(op))
    return {stop.getX(), 1};
  if (auto mul = dyn_cast<MulOp>(op)) {
    if (auto factor = splatNumber(mul.getB()))
      return {mul.getA(), *factor};
    if (auto factor = splatNumber(mul.getA()))
      return {mul.getB(), *factor};
  }
  if (auto div = dyn_cast<DivOp>(op))
    if (auto divisor = splatNumber(div.getB()); divisor && *divisor != 0)
      return {div.getA(), 1 / *divisor};
  return {};
}

bool isView(Operation *op) { return op && op->hasTrait<View>(); }

std::optional<int64_t> axisBefore(Operation *op, int64_t axis) {
  std::optional<RowAxes> axes =
      isView(op) ? cast<Rowwise>(op).rowsFromResult(int(axis)) : std::nullopt;
  return axes ? std::optional<int64_t>(axes->operands[0]) : std::nullopt;
}

std::optional<SmallVector<int64_t>> axesBefore(Operation *op, ArrayRef<int64_t> axes) {
  SmallVector<int64_t> result;
  for (int64_t axis : axes) {
    std::optional<int64_t> before = axisBefore(op, axis);
    if (!before)
      return {};
    result.push_back(*before);
  }
  return result;
}

Traced trace(Value x, ArrayRef<int64_t> axes) {
  Traced at{outside(x), llvm::to_vector(axes)};
  while (Operation *op = at.root.getDefiningOp()) {
    if (Multiple multiple = multipleOf(at.root); multiple.inner) {
      at.root = outside(multiple.inner);
      at.factor *= multiple.factor;
      continue;
    }
    auto before = axesBefore(op, at.axes);
    if (!before || !isView(op))
      break;
    at = {outside(op->getOperand(0)), *before, at.factor};
  }
  return at;
}

double factorOf(Value x) {
  if (Multiple multiple = multipleOf(x); multiple.inner)
    return multiple.factor * factorOf(multiple.inner);
  Operation *op = x.getDefiningOp();
  return isView(op) ? factorOf(op->getOperand(0)) : 1;
}
Value unscaled(OpBuilder &b, Value x) {
  if (Multiple multiple = multipleOf(x); multiple.inner)
    return unscaled(b, multiple.inner);
  Operation *op = x.getDefiningOp();
  if (!isView(op))
    return x;
  Value inner = unscaled(b, op->getOperand(0));
  if (inner == op->getOperand(0))
    return x;
  IRMapping map;
  map.map(op->getOperand(0), inner);
  return b.clone(*op, map)->getResult(0);
}

} // namespace kerf::compiler
