#include "codegen/schedule/liveness.h"
#include "codegen/schedule/steps.h"

#include "compiler/values.h"

#include "kerf/shape.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

#include <map>

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen {

/// From here on an arena that nobody asked for is worth a warning.
static constexpr uint64_t large_arena = uint64_t(16) << 30;

namespace {
/// Memory of one buffer, or of several of which each takes over from the one before.
struct Interval {
  SmallVector<memref::AllocOp, 1> buffers;
  uint64_t bytes;
  int64_t first, last; ///< numbers of ops
  uint64_t offset = 0;
};
} // namespace

/// Of a buffer, none if no process can address it.
static std::optional<uint64_t> placeOf(MemRefType type) {
  std::optional<uint64_t> bytes = compiler::bytesOf(type);
  return bytes ? std::optional<uint64_t>(llvm::alignTo(*bytes, 64)) : std::nullopt;
}

namespace {

/// Disjoint ranges of bytes, neighbours joined.
class Ranges {
public:
  void add(uint64_t begin, uint64_t end) {
    auto next = ends.upper_bound(begin);
    if (next != ends.begin() && std::prev(next)->second >= begin)
      begin = (--next)->first;
    while (next != ends.end() && next->first <= end) {
      end = std::max(end, next->second);
      next = ends.erase(next);
    }
    ends[begin] = end;
  }
  /// The lowest place from `offset` on where `bytes` are in no range.
  uint64_t gapFrom(uint64_t offset, uint64_t bytes) const {
    auto next = ends.upper_bound(offset);
    if (next != ends.begin())
      offset = std::max(offset, std::prev(next)->second);
    for (; next != ends.end() && next->first < offset + bytes; ++next)
      offset = next->second;
    return offset;
  }

private:
  std::map<uint64_t, uint64_t> ends; ///< by beginning
};

/// What is placed, in a tree over time: node 1 is all of it, the halves of node i are 2 i and
/// 2 i + 1. A fit looks at two nodes per level, however many buffers live at that time.
class Placed {
public:
  explicit Placed(int64_t times)
      : leaves(llvm::PowerOf2Ceil(std::max<int64_t>(times, 1))), nodes(2 * leaves) {}

  /// The lowest offset at which `interval` fits between those that live at the same time.
  uint64_t lowestFit(const Interval &interval) const {
    SmallVector<const Ranges *> taken;
    visit(1, 0, leaves, interval, [&](unsigned node, bool isAll) {
      taken.push_back(isAll ? &nodes[node].some : &nodes[node].always);
    });
    uint64_t offset = 0, before;
    do {
      before = offset;
      for (const Ranges *ranges : taken)
        offset = ranges->gapFrom(offset, interval.bytes);
    } while (offset != before);
    return offset;
  }

  void add(const Interval &interval) {
    visit(1, 0, leaves, interval, [&](unsigned node, bool isAll) {
      nodes[node].some.add(interval.offset, interval.offset + interval.bytes);
      if (isAll)
        nodes[node].always.add(interval.offset, interval.offset + interval.bytes);
    });
  }

private:
  struct Node {
    Ranges always; ///< taken from the beginning to the end of its time
    Ranges some;   ///< taken at some time in it
  };

  /// The nodes that are part of the interval's life, and those above them.
  template <typename Function>
  static void visit(unsigned node, int64_t begin, int64_t end, const Interval &interval,
                    const Function &function) {
    if (interval.last < begin || end <= interval.first)
      return;
    bool isAll = interval.first <= begin && end - 1 <= interval.last;
    function(node, isAll);
    if (isAll)
      return;
    int64_t middle = (begin + end) / 2;
    visit(2 * node, begin, middle, interval, function);
    visit(2 * node + 1, middle, end, interval, function);
  }

  int64_t leaves;
  std::vector<Node> nodes;
};

/// Every buffer's life, in the order of the first accesses.
class Lives {
public:
  Lives(func::FuncOp entry, const Accesses &accesses) : accesses(accesses) {
    SmallVector<std::tuple<int64_t, unsigned, memref::AllocOp>> buffers;
    entry.walk([&](memref::AllocOp buffer) {
      if (std::optional<Span> life = accesses.life(buffer))
        buffers.push_back({life->first, unsigned(buffers.size()), buffer});
    });
    llvm::sort(buffers, [](auto &a, auto &b) {
      return std::pair(std::get<0>(a), std::get<1>(a)) < std::pair(std::get<0>(b), std::get<1>(b));
    });
    for (auto [first, order, buffer] : buffers)
      add(buffer, *accesses.life(buffer));
  }
  SmallVector<Interval> intervals;

private:
  void add(memref::AllocOp buffer, Span life) {
    if (memref::AllocOp before = predecessor(accesses.first(buffer), buffer)) {
      unsigned number = home[before];
      home.erase(before); // nobody else takes this place
      home[buffer] = number;
      intervals[number].buffers.push_back(buffer);
      intervals[number].last = life.last;
      return;
    }
    home[buffer] = intervals.size();
    intervals.push_back({{buffer}, *placeOf(buffer.getType()), life.first, life.last});
  }

  /// An input of `op` that is read there for the last time and whose place the result `fresh` can
  /// take; null if there is none. All of the same block: what a loop finds must be there next time.
  memref::AllocOp predecessor(Operation *op, memref::AllocOp fresh) {
    auto generic = dyn_cast<linalg::GenericOp>(op);
    if (!generic || op->getBlock() != fresh->getBlock())
      return {};
    for (Value input : generic.getDpsInputs()) {
      auto old = input.getDefiningOp<memref::AllocOp>();
      if (old && home.contains(old) && old->getBlock() == op->getBlock() &&
          accesses.last(old) == op && updatesInPlace(op, old, fresh))
        return old;
    }
    return {};
  }

  const Accesses &accesses;
  DenseMap<Operation *, unsigned> home; ///< the interval of each buffer whose place is its own
};

} // namespace

/// "37.3 GiB (40000000000 bytes)".
static std::string spellBytes(uint64_t bytes) {
  return llvm::formatv("{0:f1} GiB ({1} bytes)", double(bytes) / double(1 << 30), bytes).str();
}

static bool isSmaller(memref::AllocOp a, memref::AllocOp b) {
  return *placeOf(a.getType()) < *placeOf(b.getType());
}

/// Says at the entry that its arena is large, and at the largest buffers what they are.
static void describe(InFlightDiagnostic message, func::FuncOp entry) {
  SmallVector<memref::AllocOp> buffers;
  entry.walk([&](memref::AllocOp buffer) { buffers.push_back(buffer); });
  for (int shown = 0; shown < 3 && !buffers.empty(); ++shown) {
    auto largest = std::max_element(buffers.begin(), buffers.end(), isSmaller);
    memref::AllocOp buffer = *largest;
    buffers.erase(largest);
    std::string shape;
    llvm::raw_string_ostream out(shape);
    for (int64_t extent : buffer.getType().getShape())
      out << extent << "x";
    out << buffer.getType().getElementType();
    message.attachNote(buffer.getLoc())
        << "among the largest: " << shape << ", " << spellBytes(*placeOf(buffer.getType()));
  }
}

/// Largest first, each at the lowest offset where it fits.
FailureOr<uint64_t> planArena(func::FuncOp entry, uint64_t limit) {
  auto tooLarge = entry.walk([&](memref::AllocOp buffer) -> WalkResult {
    if (placeOf(buffer.getType()))
      return WalkResult::advance();
    return buffer.emitError("entry '")
           << entry.getName() << "' needs a buffer that " << complaintOfSize(buffer.getType());
  });
  if (tooLarge.wasInterrupted())
    return failure();
  SmallVector<Interval> waiting = Lives(entry, Accesses(entry)).intervals;
  int64_t times = 0;
  for (const Interval &interval : waiting)
    times = std::max(times, interval.last + 1);
  Placed placed(times);
  llvm::sort(waiting, [](auto &a, auto &b) {
    return std::tuple(b.bytes, a.first, a.last) < std::tuple(a.bytes, b.first, b.last);
  });
  uint64_t size = 0;
  Builder b(entry.getContext());
  for (Interval &interval : waiting) {
    if (interval.bytes)                             // nothing lies anywhere
      interval.offset = placed.lowestFit(interval); // at most 2^47 by the check below
    for (memref::AllocOp buffer : interval.buffers)
      buffer->setAttr("kerf.offset", b.getI64IntegerAttr(interval.offset));
    size = std::max(size, interval.offset + interval.bytes);
    if (size > uint64_t(max_bytes))
      break;
    if (interval.bytes)
      placed.add(interval);
  }
  const uint64_t most = limit ? limit : uint64_t(max_bytes);
  if (size > most) {
    describe(entry.emitError("entry '")
                 << entry.getName() << "' needs an arena of at least " << spellBytes(size)
                 << ", more than the " << most << " bytes of --max-arena",
             entry);
    return failure();
  }
  if (!limit && size > large_arena)
    describe(entry.emitWarning("entry '")
                 << entry.getName() << "' needs an arena of " << spellBytes(size)
                 << "; --max-arena says how large one may be",
             entry);
  return size;
}

} // namespace kerf::codegen
