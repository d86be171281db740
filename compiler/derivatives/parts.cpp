#include "compiler/derivatives/parts.h"

#include "compiler/derivatives/reverse.h"
#include "compiler/ops/add.h"
#include "compiler/ops/pad.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {
namespace {

/// A tensor among zeros, from `first` on along an axis.
struct Part {
  Value x;
  int64_t first, count;
};

class Parts {
public:
  explicit Parts(AddOp sum) : sum(sum) {}

  /// The sum in one piece; null if it is not of parts.
  Value join() {
    if (!collect(sum) || parts.size() < 2)
      return {};
    llvm::sort(parts, [](const Part &a, const Part &b) { return a.first < b.first; });
    const int64_t extent = sum.getType().getDimSize(axis);
    int64_t end = 0;
    for (const Part &part : parts) {
      if (part.first < end)
        return {};
      end = part.first + part.count;
    }
    OpBuilder builder(sum);
    SmallVector<Value> all;
    end = 0;
    for (const Part &part : parts) {
      addZeros(builder, all, part.first - end);
      all.push_back(part.x);
      end = part.first + part.count;
    }
    addZeros(builder, all, extent - end);
    const Val first(builder, sum.getLoc(), all.front());
    return first.op("concat", all, sum.getType(), first.i64("axis", axis));
  }

private:
  bool collect(Value value) {
    Operation *maker = value.getDefiningOp();
    if (auto inner = dyn_cast_or_null<AddOp>(maker))
      return (inner == sum || value.hasOneUse()) && collect(inner.getA()) && collect(inner.getB());
    auto pad = dyn_cast_or_null<PadOp>(maker);
    return pad && isFloat(pad) && addPart(pad);
  }
  static bool isFloat(PadOp pad) { return isa<FloatType>(pad.getY().getType().getElementType()); }

  bool addPart(PadOp pad) {
    for (auto [i, low, high, gap] :
         llvm::enumerate(pad.getLow(), pad.getHigh(), pad.getInterior())) {
      if (gap != 0)
        return false;
      if (low == 0 && high == 0)
        continue;
      if (axis >= 0 && axis != int64_t(i))
        return false;
      axis = i;
    }
    if (axis < 0)
      return false;
    parts.push_back({pad.getX(), pad.getLow()[axis], pad.getX().getType().getDimSize(axis)});
    return true;
  }

  void addZeros(OpBuilder &builder, SmallVectorImpl<Value> &all, int64_t count) {
    if (count == 0)
      return;
    SmallVector<int64_t> shape(sum.getType().getShape());
    shape[axis] = count;
    all.push_back(splat(builder, sum.getLoc(), sum.getType().clone(shape), 0));
  }

  AddOp sum;
  SmallVector<Part> parts;
  int64_t axis = -1;
};

} // namespace

void joinParts(Block &block) {
  SmallVector<AddOp> sums;
  for (Operation &op : llvm::reverse(block.without_terminator())) // the last add of a sum first
    if (auto sum = dyn_cast<AddOp>(op))
      sums.push_back(sum);
  for (AddOp sum : sums)
    if (!sum.use_empty())
      if (Value joined = Parts(sum).join()) {
        sum.getResult().replaceAllUsesWith(joined);
        sum.erase();
      }
}

} // namespace kerf::compiler
