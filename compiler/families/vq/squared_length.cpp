#include "compiler/families/vq/squared_length.h"
#include "compiler/val.h"

#include "compiler/ops/broadcast.h"
#include "compiler/ops/contract.h"
#include "compiler/ops/mul.h"
#include "compiler/ops/sqrt.h"
#include "compiler/ops/sum.h"

using namespace mlir;

namespace kerf::compiler::vq {

/// A product of a tensor with itself, up to scale and view.
static std::optional<Traced> squareOf(Value a, ArrayRef<int64_t> aAxes, Value b,
                                      ArrayRef<int64_t> bAxes) {
  Traced x = trace(a, aAxes), y = trace(b, bAxes);
  if (x.root != y.root || x.axes != y.axes)
    return {};
  return Traced{x.root, x.axes, x.factor * y.factor};
}

static SmallVector<int64_t> pick(ArrayRef<int64_t> from, ArrayRef<int64_t> places) {
  return llvm::map_to_vector(places, [&](int64_t place) { return from[place]; });
}

/// Axes of a broadcast's operand; nothing if one of them is not there.
static std::optional<SmallVector<int64_t>> throughBroadcast(BroadcastOp op,
                                                            ArrayRef<int64_t> axes) {
  SmallVector<int64_t> result;
  for (int64_t axis : axes) {
    const auto *found = llvm::find(op.getDims(), axis);
    if (found == op.getDims().end())
      return {};
    result.push_back(found - op.getDims().begin());
  }
  return result;
}

std::optional<Traced> squaredLengths(Value v, ArrayRef<int64_t> axes) {
  v = outside(v);
  int64_t size = 1;
  for (int64_t axis : axes)
    size *= typeOf(v).getDimSize(axis);
  Operation *op = v.getDefiningOp();
  if (sizeOf(v) != size || !op)
    return {};
  if (Multiple multiple = multipleOf(v); multiple.inner) {
    std::optional<Traced> inner = squaredLengths(multiple.inner, axes);
    if (inner)
      inner->factor *= multiple.factor;
    return inner;
  }
  if (isView(op)) {
    auto before = axesBefore(op, axes);
    return before ? squaredLengths(op->getOperand(0), *before) : std::nullopt;
  }
  if (auto broadcast = dyn_cast<BroadcastOp>(op)) {
    auto before = throughBroadcast(broadcast, axes);
    return before ? squaredLengths(broadcast.getX(), *before) : std::nullopt;
  }
  if (auto sum = dyn_cast<SumOp>(op)) {
    auto before = pick(otherAxes(typeOf(sum.getX()).getRank(), sum.getAxes()), axes);
    auto mul = sum.getX().getDefiningOp<MulOp>();
    return mul ? squareOf(mul.getA(), before, mul.getB(), before) : std::nullopt;
  }
  if (auto contract = dyn_cast<ContractOp>(op)) {
    const int64_t batch = contract.getABatch().size();
    if (llvm::any_of(axes, [&](int64_t axis) { return axis >= batch; }))
      return {};
    return squareOf(contract.getA(), pick(contract.getABatch(), axes), contract.getB(),
                    pick(contract.getBBatch(), axes));
  }
  if (auto mul = dyn_cast<MulOp>(op); mul && mul.getA() == mul.getB())
    if (auto root = mul.getA().getDefiningOp<SqrtOp>())
      return squaredLengths(root.getX(), axes);
  return {};
}

} // namespace kerf::compiler::vq
