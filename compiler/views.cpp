#include "views.h"
#include "build.h"
#include "mistake.h"

#include "compiler/ops/broadcast.h"
#include "compiler/ops/contract.h"
#include "compiler/ops/div.h"
#include "compiler/ops/mul.h"
#include "compiler/ops/neg.h"
#include "compiler/ops/reshape.h"
#include "compiler/ops/sqrt.h"
#include "compiler/ops/stop_gradient.h"
#include "compiler/ops/sum.h"
#include "compiler/ops/transpose.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace kerf {

std::optional<double> splatNumber(Value x) {
  DenseElementsAttr value;
  if (!matchPattern(x, m_Constant(&value)) || !value.isSplat() ||
      !isa<FloatType>(value.getElementType()))
    return {};
  return value.getSplatValue<APFloat>().convertToDouble();
}

Multiple multipleOf(Value x) {
  Operation *op = x.getDefiningOp();
  if (!op)
    return {};
  if (auto neg = dyn_cast<NegOp>(op))
    return {neg.getX(), mistake("views.lost_sign") ? 1. : -1.};
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
      return {div.getA(), mistake("views.divisor_as_factor") ? *divisor : 1 / *divisor};
  return {};
}

std::optional<int64_t> axisBefore(Operation *op, int64_t axis) {
  if (auto transpose = dyn_cast<TransposeOp>(op))
    return transpose.getPermutation()[axis];
  auto reshape = dyn_cast<ReshapeOp>(op);
  if (!reshape)
    return {};
  ArrayRef<int64_t> from = typeOf(reshape.getX()).getShape(),
                    to = typeOf(reshape.getY()).getShape();
  auto inner = [](ArrayRef<int64_t> shape, int64_t axis) {
    int64_t product = 1;
    for (int64_t extent : shape.drop_front(axis + 1))
      product *= extent;
    return product;
  };
  for (int64_t i = 0, rank = from.size(); i < rank; ++i)
    if (from[i] == to[axis] &&
        (mistake("views.axis_by_extent_alone") || inner(from, i) == inner(to, axis)))
      return i;
  return {};
}
bool isView(Operation *op) { return isa_and_nonnull<TransposeOp, ReshapeOp>(op); }

Traced trace(Value x, int64_t axis) {
  Traced at{x, axis};
  while (Operation *op = at.root.getDefiningOp()) {
    if (Multiple multiple = multipleOf(at.root); multiple.inner) {
      at.root = multiple.inner;
      at.factor *= multiple.factor;
      continue;
    }
    std::optional<int64_t> before = axisBefore(op, at.axis);
    if (!before)
      break;
    at = {op->getOperand(0), *before, at.factor};
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

/// A product of a tensor with itself, up to scale and view.
static std::optional<Traced> squareOf(Value a, int64_t aAxis, Value b, int64_t bAxis) {
  Traced x = trace(a, aAxis), y = trace(b, bAxis);
  if ((x.root != y.root && !mistake("views.any_product_is_a_square")) || x.axis != y.axis)
    return {};
  return Traced{x.root, x.axis,
                mistake("views.factor_not_squared") ? x.factor : x.factor * y.factor};
}

std::optional<Traced> squaredLengths(Value v, int64_t axis) {
  if (sizeOf(v) != typeOf(v).getDimSize(axis))
    return {};
  Operation *op = v.getDefiningOp();
  if (!op)
    return {};
  auto scaled = [](std::optional<Traced> inner, double factor) {
    if (inner)
      inner->factor *= factor;
    return inner;
  };
  if (Multiple multiple = multipleOf(v); multiple.inner)
    return scaled(squaredLengths(multiple.inner, axis), multiple.factor);
  if (auto before = axisBefore(op, axis))
    return squaredLengths(op->getOperand(0), *before);
  if (auto broadcast = dyn_cast<BroadcastOp>(op)) {
    const auto *found = llvm::find(broadcast.getDims(), axis);
    if (found == broadcast.getDims().end())
      return {};
    return squaredLengths(broadcast.getX(), found - broadcast.getDims().begin());
  }
  if (auto sum = dyn_cast<SumOp>(op)) {
    int64_t before = otherAxes(typeOf(sum.getX()).getRank(), sum.getAxes())[axis];
    auto mul = sum.getX().getDefiningOp<MulOp>();
    return mul ? squareOf(mul.getA(), before, mul.getB(), before) : std::nullopt;
  }
  if (auto contract = dyn_cast<ContractOp>(op)) {
    if (axis >= int64_t(contract.getABatch().size()))
      return {};
    return squareOf(contract.getA(), contract.getABatch()[axis], contract.getB(),
                    contract.getBBatch()[axis]);
  }
  if (auto mul = dyn_cast<MulOp>(op); mul && mul.getA() == mul.getB())
    if (auto root = mul.getA().getDefiningOp<SqrtOp>())
      return squaredLengths(root.getX(), axis);
  return {};
}

} // namespace kerf
