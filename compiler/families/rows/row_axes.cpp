#include "compiler/families/rows/row_axes.h"
#include "compiler/match/scaled_view.h"

#include "compiler/ops/argmin.h"
#include "compiler/ops/broadcast.h"
#include "compiler/ops/concat.h"
#include "compiler/ops/contract.h"
#include "compiler/ops/gather.h"
#include "compiler/ops/max.h"
#include "compiler/ops/normal.h"
#include "compiler/ops/pad.h"
#include "compiler/ops/reshape.h"
#include "compiler/ops/scatter_add.h"
#include "compiler/ops/slice.h"
#include "compiler/ops/sum.h"
#include "compiler/ops/top_k.h"
#include "compiler/ops/transpose.h"
#include "compiler/ops/uniform.h"
#include "compiler/ops/vq.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace kerf::compiler::rows {

using Answer = std::optional<Axes>;

static int64_t rankOf(Value x) { return typeOf(x).getRank(); }
static int64_t extentOf(Value x, int64_t axis) { return typeOf(x).getDimSize(axis); }

static int indexOf(ArrayRef<int64_t> list, int64_t x) {
  const auto *found = llvm::find(list, x);
  return found == list.end() ? none : int(found - list.begin());
}

// One operand: where axis a goes, and where axis r comes from

/// An op that drops `dropped` and keeps the order of the others.
static int afterDropping(ArrayRef<int64_t> dropped, int axis) {
  return axis - int(llvm::count_if(dropped, [&](int64_t x) { return x < axis; }));
}
static int beforeDropping(ArrayRef<int64_t> dropped, int axis) {
  for (int64_t x : dropped) // ascending
    axis += x <= axis;
  return axis;
}

/// The axis of `to` that is axis `axis` of `from`, both in the same row-major order.
static int acrossReshape(Value from, Value to, int axis) {
  auto before = [](Value x, int64_t axis) {
    int64_t product = 1;
    for (int64_t extent : typeOf(x).getShape().take_front(axis))
      product *= extent;
    return product;
  };
  for (int64_t b = 0; b < rankOf(to); ++b)
    if (extentOf(to, b) == extentOf(from, axis) && before(to, b) == before(from, axis))
      return int(b);
  return none;
}

static bool isWhole(SliceOp op, int axis) {
  return op.getOffsets()[axis] == 0 && op.getLimits()[axis] == extentOf(op.getX(), axis) &&
         op.getStrides()[axis] == 1;
}
static bool isBare(PadOp op, int axis) {
  return op.getLow()[axis] == 0 && op.getHigh()[axis] == 0 && op.getInterior()[axis] == 0;
}

/// Of an op of one operand: the axis of its result, if that has one.
static Answer unary(int operand, int result) {
  if (operand == none || result == none)
    return {};
  return Axes{{operand}, result};
}

// Contractions

namespace {
/// The axes of one operand of a contraction by what becomes of them.
struct Side {
  ArrayRef<int64_t> batch, contracted;
  SmallVector<int64_t> free;
};
} // namespace

static std::array<Side, 2> sidesOf(ContractOp op) {
  std::array<Side, 2> sides = {Side{op.getABatch(), op.getAContract(), {}},
                               Side{op.getBBatch(), op.getBContract(), {}}};
  for (auto [side, x] : llvm::zip_equal(sides, op->getOperands()))
    side.free = otherAxes(rankOf(x), side.batch, side.contracted);
  return sides;
}

static Answer fromOperandOf(ContractOp op, unsigned operand, int axis) {
  auto sides = sidesOf(op);
  const Side &own = sides[operand], &other = sides[1 - operand];
  Axes axes{{none, none}};
  axes.operands[operand] = axis;
  if (int i = indexOf(own.batch, axis); i != none) {
    axes.operands[1 - operand] = int(other.batch[i]);
    axes.result = i;
  } else if (int i = indexOf(own.contracted, axis); i != none) {
    axes.operands[1 - operand] = int(other.contracted[i]);
    axes.isSum = true;
  } else {
    axes.result =
        int(own.batch.size() + (operand ? other.free.size() : 0)) + indexOf(own.free, axis);
  }
  return axes;
}

static Answer fromResultOf(ContractOp op, int axis) {
  auto sides = sidesOf(op);
  int batch = int(sides[0].batch.size()), free = int(sides[0].free.size());
  if (axis < batch)
    return Axes{{int(sides[0].batch[axis]), int(sides[1].batch[axis])}, axis};
  if (axis < batch + free)
    return Axes{{int(sides[0].free[axis - batch]), none}, axis};
  return Axes{{none, int(sides[1].free[axis - batch - free])}, axis};
}

// Searches for codes

static int64_t headsOf(VqOp op) { return rankOf(op.getCodebook()) - 2; }
/// Every head has a codebook of its own; all rows of a head search the same.
static Answer rowsOf(VqOp op, int axis) {
  return Axes{{axis, axis < headsOf(op) ? axis : none}, axis};
}

// Any op

/// One number per place from the numbers at this place.
static bool isElementwise(Operation *op) {
  return isa<Lowerable>(op) && op->getNumRegions() == 0 && op->getNumResults() == 1 &&
         llvm::all_of(op->getOperands(), [&](Value x) {
           return typeOf(x).getShape() == typeOf(op->getResult(0)).getShape();
         });
}

static Answer elementwise(Operation *op, int axis) {
  if (!isElementwise(op))
    return {};
  return Axes{SmallVector<int>(op->getNumOperands(), axis), axis};
}

Answer fromOperand(Operation *op, unsigned operand, int axis) {
  return llvm::TypeSwitch<Operation *, Answer>(op)
      .Case([&](SumOp sum) {
        if (indexOf(sum.getAxes(), axis) != none)
          return Answer(Axes{{axis}, none, true});
        return unary(axis, afterDropping(sum.getAxes(), axis));
      })
      .Case([&](MaxOp max) {
        bool mixes = indexOf(max.getAxes(), axis) != none;
        return mixes ? Answer() : unary(axis, afterDropping(max.getAxes(), axis));
      })
      .Case([&](ArgminOp argmin) {
        int64_t dropped = argmin.getAxis();
        return axis == dropped ? Answer() : unary(axis, afterDropping(dropped, axis));
      })
      .Case(
          [&](TopKOp top) { return axis == rankOf(top.getX()) - 1 ? Answer() : unary(axis, axis); })
      .Case([&](BroadcastOp broadcast) { return unary(axis, int(broadcast.getDims()[axis])); })
      .Case([&](ReshapeOp reshape) {
        return unary(axis, acrossReshape(reshape.getX(), reshape.getY(), axis));
      })
      .Case([&](TransposeOp transpose) {
        return unary(axis, indexOf(transpose.getPermutation(), axis));
      })
      .Case([&](SliceOp slice) { return isWhole(slice, axis) ? unary(axis, axis) : Answer(); })
      .Case([&](PadOp pad) { return isBare(pad, axis) ? unary(axis, axis) : Answer(); })
      .Case<ConcatOp>([&](auto) { return fromResult(op, axis); })
      .Case([&](ContractOp contract) { return fromOperandOf(contract, operand, axis); })
      .Case([&](GatherOp gather) {
        return operand == 1 ? Answer(Axes{{none, axis}, axis}) : Answer();
      })
      .Case([&](ScatterAddOp scatter) {
        bool isRow = axis < rankOf(scatter.getIndices());
        return isRow ? Answer(Axes{{axis, axis}, none, true}) : Answer();
      })
      .Case([&](VqOp vq) {
        bool isRow = axis < (operand == 0 ? rankOf(vq.getZ()) - 1 : headsOf(vq));
        return isRow ? rowsOf(vq, axis) : Answer();
      })
      .Default([&](Operation *) { return elementwise(op, axis); });
}

Answer fromResult(Operation *op, int axis) {
  return llvm::TypeSwitch<Operation *, Answer>(op)
      .Case<SumOp, MaxOp>(
          [&](auto reduction) { return unary(beforeDropping(reduction.getAxes(), axis), axis); })
      .Case([&](ArgminOp argmin) {
        int64_t dropped = argmin.getAxis();
        return unary(beforeDropping(dropped, axis), axis);
      })
      .Case([&](TopKOp) { return unary(axis, axis); })
      .Case([&](BroadcastOp broadcast) { // along a new axis every row sees the same
        int from = indexOf(broadcast.getDims(), axis);
        bool isRepeated =
            from == none || extentOf(broadcast.getX(), from) != extentOf(broadcast.getY(), axis);
        return Answer(Axes{{isRepeated ? none : from}, axis});
      })
      .Case([&](ReshapeOp reshape) {
        return unary(acrossReshape(reshape.getY(), reshape.getX(), axis), axis);
      })
      .Case(
          [&](TransposeOp transpose) { return unary(int(transpose.getPermutation()[axis]), axis); })
      .Case([&](SliceOp slice) { return isWhole(slice, axis) ? unary(axis, axis) : Answer(); })
      .Case([&](PadOp pad) { return isBare(pad, axis) ? unary(axis, axis) : Answer(); })
      .Case([&](ConcatOp concat) {
        if (int64_t(concat.getAxis()) == axis)
          return Answer();
        return Answer(Axes{SmallVector<int>(op->getNumOperands(), axis), axis});
      })
      .Case([&](ContractOp contract) { return fromResultOf(contract, axis); })
      .Case([&](GatherOp gather) {
        bool isRow = axis < rankOf(gather.getIndices());
        return isRow ? Answer(Axes{{none, axis}, axis}) : Answer();
      })
      .Case<UniformOp, NormalOp>([&](auto) { // rows follow one another in the stream of words
        return axis == 0 ? Answer(Axes{{none, none}, axis}) : Answer();
      })
      .Case([&](VqOp vq) { return rowsOf(vq, axis); })
      .Case([&](arith::ConstantOp constant) {
        return isa<SplatElementsAttr>(constant.getValue()) ? Answer(Axes{{}, axis}) : Answer();
      })
      .Default([&](Operation *) { return elementwise(op, axis); });
}

} // namespace kerf::compiler::rows
