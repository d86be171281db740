#include "codegen/schedule/plan.h"
#include "codegen/backend.h"
#include "codegen/schedule/kernel_op.h"
#include "codegen/schedule/open_sizes.h"
#include "codegen/schedule/steps.h"

#include "compiler/families/family.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Support/MathExtras.h"

#include <numeric>

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen {

double PlannedCall::floorMicroseconds() const {
  return std::max(flops / (nominalMachine.gflops * 1e3), bytes / (nominalMachine.gbytes * 1e3));
}

PlannedCall EntryPlan::total() const {
  PlannedCall sum;
  sum.times = 0;
  for (const PlannedCall &call : calls) {
    sum.times += call.times;
    sum.flops += call.flops;
    sum.bytes += call.bytes;
    sum.scratchBytes = std::max(sum.scratchBytes, call.scratchBytes);
  }
  sum.arenaBytes = arenaBytes;
  return sum;
}

int64_t EntryPlan::kernelFlops() const {
  int64_t sum = 0;
  for (const PlannedCall &call : calls)
    sum += call.isNest ? 0 : call.flops;
  return sum;
}

double EntryPlan::floorMicroseconds() const {
  return std::accumulate(calls.begin(), calls.end(), 0.0, [](double sum, const PlannedCall &call) {
    return sum + call.floorMicroseconds();
  });
}

// ---- operands --------------------------------------------------------------------------------

static int64_t elementBytes(Value buffer) {
  return llvm::divideCeil(cast<MemRefType>(buffer.getType()).getElementTypeBitWidth(), 8);
}
static int64_t elements(Value buffer) {
  return cast<MemRefType>(buffer.getType()).getNumElements();
}
static int64_t bytesOf(Value buffer) { return elements(buffer) * elementBytes(buffer); }

namespace {
/// Bytes of buffers, what is read twice at one place counted once.
class Traffic {
public:
  void add(Value buffer, int64_t bytes) {
    FailureOr<Layout> layout = layoutOf(cast<MemRefType>(buffer.getType()));
    auto place = succeeded(layout) ? std::pair(rootOf(buffer), layout->offset)
                                   : std::pair(buffer, int64_t(0));
    int64_t &known = places[place];
    known = std::max(known, bytes);
  }
  int64_t bytes() const {
    int64_t sum = 0;
    for (auto [place, bytes] : places)
      sum += bytes;
    return sum;
  }

private:
  llvm::MapVector<std::pair<Value, int64_t>, int64_t> places;
};
} // namespace

/// What the results take of the arena.
static int64_t arenaBytes(ValueRange results) {
  int64_t bytes = 0;
  for (Value result : results)
    if (rootOf(result).getDefiningOp<memref::AllocOp>())
      bytes += llvm::alignTo(bytesOf(result), 64);
  return bytes;
}

// ---- kernels ---------------------------------------------------------------------------------

static PlannedCall describe(KernelOp kernel, const Backend &backend) {
  PlannedCall call;
  const Kernel &called = *backend.kernel(kernel.getName());
  const KernelSpec spec = specOf(called, kernel, backend.target);
  call.kernel = called.nameFor(spec);
  call.sizes.assign(kernel.getSizes().begin(), kernel.getSizes().end());
  const Work work = called.work ? called.work(kernel.getSizes(), spec) : Work();
  call.flops = int64_t(work.flops);
  Traffic read, written;
  for (Value input : kernel.getInputs())
    read.add(input, bytesOf(input));
  for (Value init : kernel.getInits())
    if (isScratch(init))
      call.scratchBytes += bytesOf(init);
    else
      written.add(init, bytesOf(init));
  call.ownBytes = mostScratch(kernel, backend).own;
  call.bytes = read.bytes() + written.bytes() - work.untouchedBytes;
  call.arenaBytes = arenaBytes(kernel.getInits());
  return call;
}

// ---- loop nests ------------------------------------------------------------------------------

/// Operations per iteration.
static int64_t operations(linalg::GenericOp op) {
  int64_t count = 0;
  for (Operation &inner : op.getBody()->without_terminator()) {
    if (!isa<arith::ArithDialect, math::MathDialect>(inner.getDialect()) ||
        isa<CastOpInterface, arith::ConstantOp, arith::SelectOp>(inner))
      continue;
    count += isa<math::FmaOp>(inner) ? 2 : 1;
  }
  return count;
}

/// The iterations that see different elements of an operand.
static int64_t distinct(linalg::GenericOp op, OpOperand &operand) {
  AffineMap map = op.getMatchingIndexingMap(&operand);
  int64_t count = 1;
  for (auto [dim, extent] : llvm::enumerate(op.getStaticLoopRanges()))
    if (map.isFunctionOfDim(dim))
      count *= extent;
  return std::min(count, elements(operand.get()));
}

static StringRef nameOf(linalg::GenericOp op) {
  if (op.getNumReductionLoops())
    return "reduce";
  if (operations(op))
    return "map";
  bool reads =
      llvm::any_of(op.getDpsInputs(), [](Value input) { return isa<MemRefType>(input.getType()); });
  return reads ? "copy" : "fill";
}

static PlannedCall describe(linalg::GenericOp op, bool startsFromConstant) {
  PlannedCall call;
  call.kernel = nameOf(op);
  call.isNest = true;
  int64_t iterations = 1;
  for (int64_t extent : op.getStaticLoopRanges()) {
    iterations *= extent;
    if (extent != 1)
      call.sizes.push_back(extent);
  }
  call.flops = operations(op) * iterations;
  Traffic read, written;
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<MemRefType>(operand.get().getType()))
      continue;
    int64_t bytes = distinct(op, operand) * elementBytes(operand.get());
    bool isResult = op.isDpsInit(&operand);
    if (isResult)
      written.add(operand.get(), bytes);
    if (!isResult || (op.payloadUsesValueFromOperand(&operand) && !startsFromConstant))
      read.add(operand.get(), bytes);
  }
  call.bytes = read.bytes() + written.bytes();
  call.arenaBytes = arenaBytes(op.getDpsInits());
  return call;
}

// ---- the entry -------------------------------------------------------------------------------

int64_t mostIterations(scf::ForOp loop) {
  if (std::optional<APInt> count = loop.getStaticTripCount())
    return count->getSExtValue();
  Value bound = loop.getUpperBound();
  if (auto cast = bound.getDefiningOp<arith::IndexCastOp>())
    bound = cast.getIn();
  APInt most;
  auto least = bound.getDefiningOp<arith::MinSIOp>();
  return least && matchPattern(least.getRhs(), m_ConstantInt(&most)) ? most.getSExtValue()
                                                                     : 1; // a branch
}

/// How often the loops around `op` run it at most.
static int64_t timesRun(Operation *op) {
  int64_t times = 1;
  for (auto loop = op->getParentOfType<scf::ForOp>(); loop;
       loop = loop->getParentOfType<scf::ForOp>())
    times *= mostIterations(loop);
  return times;
}

PlannedCall describeCall(Operation *op, bool startsFromConstant, const Backend &backend) {
  if (auto kernel = dyn_cast<KernelOp>(op))
    return describe(kernel, backend);
  return describe(cast<linalg::GenericOp>(op), startsFromConstant);
}

EntryPlan describePlan(func::FuncOp entry, int64_t arenaBytes, const Backend &backend) {
  EntryPlan plan{entry.getName().str(), {}, arenaBytes};
  Starts starts = findStarts(entry);
  auto add = [&](Operation *op) {
    PlannedCall call = describeCall(op, starts.constants.contains(op), backend);
    call.line = shortLine(op->getLoc());
    call.times = timesRun(op);
    plan.workerBytes = std::max<int64_t>(plan.workerBytes, llvm::alignTo(call.ownBytes, 64));
    call.flops *= call.times;
    call.bytes *= call.times;
    plan.calls.push_back(std::move(call));
  };
  entry.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isa<KernelOp>(op))
      add(op);
    auto nest = dyn_cast<linalg::GenericOp>(op);
    if (nest && !starts.skippedFills.contains(op) &&
        !llvm::is_contained(nest.getStaticLoopRanges(), 0))
      add(op);
  });
  return plan;
}

} // namespace kerf::codegen
