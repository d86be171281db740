#include "cpu/steps.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace kerf::cpu {

Value rootOf(Value value) {
  while (auto view = value.getDefiningOp<ViewLikeOpInterface>())
    value = view.getViewSource();
  return value;
}

FailureOr<Layout> layoutOf(MemRefType type) {
  Layout layout;
  if (type.getNumElements() == 0) { // its strides do not matter, and are not always known
    layout.strides.assign(type.getRank(), 0);
    return layout;
  }
  if (failed(type.getStridesAndOffset(layout.strides, layout.offset)) ||
      ShapedType::isDynamic(layout.offset) || ShapedType::isDynamicShape(layout.strides))
    return failure();
  return layout;
}

namespace {

/// The ops that read or write each buffer, through whatever view, by their number in the entry.
class Accesses {
public:
  explicit Accesses(func::FuncOp entry) {
    int64_t number = 0;
    for (Operation &op : entry.getBody().front()) {
      ops.push_back(&op);
      if (!isa<ViewLikeOpInterface>(op))
        op.walk([&](Operation *inner) {
          for (Value operand : inner->getOperands())
            if (isa<MemRefType>(operand.getType()))
              add(rootOf(operand), number);
        });
      ++number;
    }
  }

  ArrayRef<int64_t> of(Value root) const {
    auto it = numbers.find(root);
    return it == numbers.end() ? ArrayRef<int64_t>() : it->second;
  }
  Operation *op(int64_t number) const { return ops[number]; }

private:
  void add(Value root, int64_t number) {
    auto &list = numbers[root];
    if (list.empty() || list.back() != number)
      list.push_back(number);
  }
  SmallVector<Operation *> ops;
  DenseMap<Value, SmallVector<int64_t>> numbers;
};

} // namespace

// Forwarding

/// `op` reads `old` and writes `fresh` at the same index only, and reads before it writes.
static bool updatesInPlace(Operation *op, Value old, Value fresh) {
  auto generic = dyn_cast<linalg::GenericOp>(op);
  if (!generic || generic.getNumParallelLoops() != generic.getNumLoops())
    return false;
  for (OpOperand &operand : generic->getOpOperands()) {
    Value root = isa<MemRefType>(operand.get().getType()) ? rootOf(operand.get()) : Value();
    if (root != old && root != fresh)
      continue;
    if (operand.get() != root || generic.isDpsInit(&operand) != (root == fresh) ||
        !generic.getMatchingIndexingMap(&operand).isIdentity())
      return false;
  }
  auto a = cast<MemRefType>(old.getType()), b = cast<MemRefType>(fresh.getType());
  return a.getShape() == b.getShape() && a.getLayout() == b.getLayout() &&
         a.getElementTypeBitWidth() == b.getElementTypeBitWidth();
}

/// May the buffer `fresh`, which `copy` puts into `destination`, lie there from the start? Yes if
/// whoever else touches the destination has done so before the buffer is first written.
static bool canForward(const Accesses &accesses, memref::AllocOp fresh, memref::CopyOp copy) {
  Value destination = copy.getTarget();
  ArrayRef<int64_t> ours = accesses.of(fresh), theirs = accesses.of(destination);
  if (ours.empty())
    return false;
  for (int64_t number : theirs) {
    Operation *op = accesses.op(number);
    if (op == copy || number < ours.front())
      continue;
    if (number > ours.front() || !updatesInPlace(op, destination, fresh))
      return false;
  }
  return true;
}

/// All of `view`'s buffer, in its order.
static bool coversRoot(Value view, Value root) {
  auto type = cast<MemRefType>(view.getType());
  return type.getLayout().isIdentity() &&
         type.getNumElements() == cast<MemRefType>(root.getType()).getNumElements();
}

void forwardResults(func::FuncOp entry) {
  SmallVector<memref::CopyOp> copies(entry.getBody().front().getOps<memref::CopyOp>());
  for (memref::CopyOp copy : copies) {
    auto fresh = rootOf(copy.getSource()).getDefiningOp<memref::AllocOp>();
    auto destination = dyn_cast<BlockArgument>(copy.getTarget());
    if (!fresh || !destination || fresh.getType().getNumElements() == 0 ||
        !coversRoot(copy.getSource(), fresh) || !canForward(Accesses(entry), fresh, copy))
      continue;
    OpBuilder b = OpBuilder::atBlockBegin(&entry.getBody().front());
    Value place = destination;
    if (MemRefType type = fresh.getType(); type != place.getType()) {
      Layout layout = *layoutOf(type);
      place = memref::ReinterpretCastOp::create(b, fresh.getLoc(), type, place, layout.offset,
                                                type.getShape(), layout.strides);
    }
    fresh.getResult().replaceAllUsesWith(place);
    fresh.erase();
    copy.erase();
  }
}

// Planning

namespace {
/// Memory of one buffer, or of several of which each takes over from the one before.
struct Interval {
  SmallVector<memref::AllocOp, 1> buffers;
  uint64_t bytes;
  int64_t first, last; ///< numbers of ops
  uint64_t offset = 0;
};
} // namespace

static uint64_t bytesOf(MemRefType type) {
  uint64_t element = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  return llvm::alignTo(type.getNumElements() * element, 64);
}

/// The lowest offset at which `interval` fits between those that live at the same time.
static uint64_t lowestFit(const Interval &interval, ArrayRef<Interval> placed) {
  SmallVector<const Interval *> rivals;
  for (const Interval &other : placed)
    if (other.first <= interval.last && interval.first <= other.last)
      rivals.push_back(&other);
  llvm::sort(rivals, [](auto *a, auto *b) { return a->offset < b->offset; });
  uint64_t offset = 0;
  for (const Interval *rival : rivals) {
    if (offset + interval.bytes <= rival->offset)
      break;
    offset = std::max(offset, rival->offset + rival->bytes);
  }
  return offset;
}

namespace {

/// Every buffer's life, in the order of the first accesses.
class Lives {
public:
  Lives(func::FuncOp entry, const Accesses &accesses) : accesses(accesses) {
    SmallVector<std::tuple<int64_t, unsigned, memref::AllocOp>> buffers;
    for (auto buffer : entry.getBody().front().getOps<memref::AllocOp>())
      if (!accesses.of(buffer).empty())
        buffers.push_back({accesses.of(buffer).front(), unsigned(buffers.size()), buffer});
    llvm::sort(buffers, [](auto &a, auto &b) {
      return std::pair(std::get<0>(a), std::get<1>(a)) < std::pair(std::get<0>(b), std::get<1>(b));
    });
    for (auto [first, order, buffer] : buffers)
      add(buffer, first, accesses.of(buffer).back());
  }
  SmallVector<Interval> intervals;

private:
  void add(memref::AllocOp buffer, int64_t first, int64_t last) {
    if (Value before = predecessor(accesses.op(first), first, buffer)) {
      unsigned number = home[before];
      home.erase(before); // nobody else takes this place
      home[buffer] = number;
      intervals[number].buffers.push_back(buffer);
      intervals[number].last = last;
      return;
    }
    home[buffer] = intervals.size();
    intervals.push_back({{buffer}, bytesOf(buffer.getType()), first, last});
  }

  /// An input of `op` that is read there for the last time and whose place the result `fresh` can
  /// take; null if there is none.
  Value predecessor(Operation *op, int64_t number, Value fresh) {
    auto generic = dyn_cast<linalg::GenericOp>(op);
    if (!generic)
      return {};
    for (Value input : generic.getDpsInputs())
      if (home.contains(input) && accesses.of(input).back() == number &&
          updatesInPlace(op, input, fresh))
        return input;
    return {};
  }

  const Accesses &accesses;
  DenseMap<Value, unsigned> home; ///< the interval of each buffer whose place is its own
};

} // namespace

/// Largest first, each at the lowest offset where it fits.
uint64_t planArena(func::FuncOp entry) {
  SmallVector<Interval> waiting = Lives(entry, Accesses(entry)).intervals, placed;
  llvm::sort(waiting, [](auto &a, auto &b) {
    return std::tuple(b.bytes, a.first, a.last) < std::tuple(a.bytes, b.first, b.last);
  });
  uint64_t size = 0;
  Builder b(entry.getContext());
  for (Interval &interval : waiting) {
    interval.offset = lowestFit(interval, placed);
    for (memref::AllocOp buffer : interval.buffers)
      buffer->setAttr("kerf.offset", b.getI64IntegerAttr(interval.offset));
    size = std::max(size, interval.offset + interval.bytes);
    placed.push_back(interval);
  }
  return size;
}

} // namespace kerf::cpu
