// Softmax over columns and choices of columns, one block of rows after another => kerf.rows.
#include "compiler/all_families.h"
#include "compiler/families/rows/passes.h"
#include "compiler/families/rows/row_axes.h"
#include "compiler/families/rows/rows_region.h"
#include "compiler/families/rows/search_chain.h"
#include "compiler/match/scaled_view.h"
#include "compiler/open.h"

#include "compiler/ops/contract.h"
#include "compiler/ops/exp.h"
#include "compiler/ops/rows.h"
#include "compiler/ops/sum.h"

#include "mlir/Analysis/TopologicalSortUtils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace kerf::compiler::rows {
#define GEN_PASS_DEF_STREAMROWS
#include "compiler/families/rows/passes.h.inc"

namespace {

bool isSplat(Operation *constant) {
  return isa<SplatElementsAttr>(cast<arith::ConstantOp>(constant).getValue());
}

/// The rows x columns that hang together with one contraction.
class Cluster {
public:
  /// `isOpen`: how many rows there are may be what a call says, so nothing may depend on it.
  Cluster(ContractOp root, int axis, int64_t blockElements, bool isOpen)
      : root(root), rootAxis(axis), blockElements(blockElements), isOpen(isOpen),
        misfit_{root.getLoc(), "", ""} {}

  bool match();
  /// Are there several blocks, so that something is won?
  bool isCut() const { return blockOf() < rowCount() || isByOne(); }
  /// Are there as many blocks as rows, whatever their number?
  bool isByOne() const { return isOpen && isOfBatch(); }
  const Misfit &misfit() const { return misfit_; }
  /// Does every row weigh its columns against each other, as a softmax does, or take one of them?
  bool comparesColumns() const { return (hasExp && hasSumOverColumns) || hasChoice; }
  /// Those that make rows x columns.
  void addOps(DenseSet<Operation *> &ops) const {
    for (Value x : wide)
      if (Operation *maker = x.getDefiningOp())
        ops.insert(maker);
  }
  void rewrite();
  bool hasSumsOverRows() const {
    return llvm::any_of(steps, [](const Step &step) { return !step.sums.empty(); });
  }

private:
  static constexpr int never = INT_MAX;

  /// When a value is there. A region per step: those of step s make what later steps need.
  struct Times {
    int inside = 0;  ///< from this step on it can be made inside the step's region
    int outside = 0; ///< from this step on it exists as an array; `never` if it is wide
  };

  bool fail(Operation *where, const Twine &reason, const Twine &edit);
  bool failWhole(Operation *user) {
    return fail(user, "all scores are needed at once by " + user->getName().getStringRef(),
                "reduce them over the columns first, then over the rows");
  }
  bool isWide(Value x) const { return sizeOf(x) >= sizeOf(root.getY()) / 2; }
  bool visit(Value x, int axis);
  void visitMaker(Value x, int axis);
  void visitUsers(Value x, int axis);
  void followNarrow();
  void setTimes();
  Times timesOf(Operation *op) const;
  Times times(Value x) const { return when.lookup(x); }
  int axisOf(Value x) const;
  std::optional<RowAxes> axesOf(Operation *op) const;

  /// What one region holds; of its sinks some leave it.
  struct Step : rows::Region {
    SmallVector<Operation *> sinks;
  };
  bool collect(Step &step, Value x, int number);
  bool collectOp(Step &step, Operation *op, int number);
  bool leaves(Operation *op, ArrayRef<Step> from) const;
  bool plan();

  int64_t rowCount() const { return typeOf(root.getY()).getDimSize(rootAxis); }
  int64_t blockOf(ArrayRef<Operation *> sums = {}) const;
  bool isOfBatch() const { return rootAxis < int64_t(root.getABatch().size()); }

  mutable ContractOp root;
  int rootAxis;
  int64_t blockElements;
  bool isOpen;
  Misfit misfit_;
  bool hasExp = false, hasSumOverColumns = false, hasChoice = false;
  llvm::SetVector<Value> wide;
  DenseMap<Value, int> axes; ///< of wide values, and of narrow ones next to them
  SmallVector<Value> waiting;
  llvm::SetVector<Operation *> sinks; ///< read wide values, make narrow ones
  DenseMap<Value, Times> when;
  std::vector<Step> steps;
  DenseMap<Value, Value> made; ///< of a sink: what its region gives for it
};

bool Cluster::fail(Operation *where, const Twine &reason, const Twine &edit) {
  if (misfit_.reason.empty())
    misfit_ = {where->getLoc(), reason.str(), edit.str()};
  return false;
}

// ---- what hangs together -----------------------------------------------------------------------

/// Notes that `x` has its rows along `axis`; wide values are followed from there.
bool Cluster::visit(Value x, int axis) {
  auto [known, isNew] = axes.try_emplace(x, axis);
  if (!isNew)
    return known->second == axis;
  if (isWide(x)) {
    wide.insert(x);
    waiting.push_back(x);
  }
  return true;
}

void Cluster::visitMaker(Value x, int axis) {
  Operation *maker = x.getDefiningOp();
  if (!maker || (matchPattern(x, m_Constant()) && !isSplat(maker)))
    return; // it exists anyway
  std::optional<RowAxes> flow = fromResult(maker, axis);
  if (!flow) {
    fail(maker, "all scores are made at once by " + maker->getName().getStringRef(),
         "make those of a row from that row");
    return;
  }
  hasExp |= isa<ExpOp>(maker);
  for (auto [operand, itsAxis] : llvm::zip_equal(maker->getOperands(), flow->operands))
    if (itsAxis != noRows && !visit(operand, itsAxis))
      fail(maker, "rows meet rows here",
           "score rows against columns that all of them share, not against each other");
}

void Cluster::visitUsers(Value x, int axis) {
  for (OpOperand &use : x.getUses()) {
    Operation *user = use.getOwner();
    auto flow = fromOperand(user, use.getOperandNumber(), axis);
    if (!flow) {
      failWhole(user);
      continue;
    }
    Value result = user->getResult(0);
    bool fits = flow->result == noRows || visit(result, flow->result);
    for (auto [operand, itsAxis] : llvm::zip_equal(user->getOperands(), flow->operands))
      fits &= itsAxis == noRows || visit(operand, itsAxis);
    if (!fits)
      fail(user, "rows meet rows here",
           "score rows against columns that all of them share, not against each other");
    if (isWide(result) && flow->result == noRows)
      fail(user, "a sum over rows is as large as the scores", "use fewer columns");
    if (!isWide(result))
      sinks.insert(user);
    hasSumOverColumns |= isa<SumOp>(user) && !flow->isSum;
    // What a family has taken is no root of this one.
    hasChoice |= isa<Decision>(user) && !user->hasTrait<Elementwise>() && !isa<Fused>(user);
  }
}

/// Narrow results of sinks, and what is made of them alone, keep their rows as long as each is made
/// of its own: such steps can be taken inside a region, between wide ones.
void Cluster::followNarrow() {
  for (Operation &op : *root->getBlock()) {
    if (!isa<Lowerable>(op) || op.getNumResults() != 1 || axes.contains(op.getResult(0)) ||
        op.getNumRegions() != 0)
      continue;
    for (OpOperand &use : op.getOpOperands()) {
      int axis = axisOf(use.get());
      if (axis == noRows || !when.contains(use.get()))
        continue;
      auto flow = fromOperand(&op, use.getOperandNumber(), axis);
      bool fits = flow && !flow->isSum && flow->result != noRows;
      for (auto [other, itsAxis] :
           llvm::zip(op.getOperands(), fits ? ArrayRef<int>(flow->operands) : ArrayRef<int>()))
        fits &= axisOf(other) == itsAxis || axisOf(other) == noRows;
      if (!fits)
        break;
      for (auto [other, itsAxis] : llvm::zip_equal(op.getOperands(), flow->operands))
        if (itsAxis != noRows)
          axes.try_emplace(other, itsAxis);
      axes[op.getResult(0)] = flow->result;
      break;
    }
    if (axes.contains(op.getResult(0)))
      when[op.getResult(0)] = {};
  }
}

int Cluster::axisOf(Value x) const {
  auto found = axes.find(x);
  return found == axes.end() ? noRows : found->second;
}

/// How rows go through an op of the cluster; nothing if it is none.
std::optional<RowAxes> Cluster::axesOf(Operation *op) const {
  if (op->getNumResults() != 1 || op->getNumRegions() != 0)
    return {};
  if (int axis = axisOf(op->getResult(0)); axis != noRows)
    return fromResult(op, axis);
  if (!sinks.contains(op))
    return {};
  for (OpOperand &use : op->getOpOperands())
    if (wide.contains(use.get()))
      return fromOperand(op, use.getOperandNumber(), axisOf(use.get()));
  return {};
}

// ---- in which step -----------------------------------------------------------------------------

Cluster::Times Cluster::timesOf(Operation *op) const {
  Times times;
  bool isWhole = false;
  for (Value x : op->getOperands()) {
    times.inside = std::max(times.inside, this->times(x).inside);
    times.outside = std::max(times.outside, this->times(x).outside);
  }
  const bool isWideOp = op->getNumResults() == 1 && wide.contains(op->getResult(0));
  auto flow = axesOf(op);
  isWhole = !flow || flow->isSum;
  if (isWideOp)
    times.outside = never;
  else if (sinks.contains(op))
    times = {times.inside + isWhole, times.inside + 1};
  else if (isWhole)
    times.inside = times.outside;
  return times;
}

void Cluster::setTimes() {
  when.clear();
  for (Operation &op : root->getBlock()->without_terminator()) {
    Times times = timesOf(&op);
    for (Value result : op.getResults())
      when[result] = times;
  }
}

// ---- what a region holds -----------------------------------------------------------------------

/// Makes `x` available to step `number`: as an operand if it exists by then, else by its op.
bool Cluster::collect(Step &step, Value x, int number) {
  Operation *maker = x.getDefiningOp();
  const int axis = axisOf(x);
  const bool isConstant = maker && matchPattern(x, m_Constant());
  if (isConstant && (axis == noRows || isSplat(maker))) {
    step.ops.insert(maker);
    return true;
  }
  if (!maker || isConstant || (!wide.contains(x) && times(x).outside <= number)) {
    (axis == noRows ? step.whole : step.sliced).insert(x);
    return true;
  }
  return collectOp(step, maker, number);
}

bool Cluster::collectOp(Step &step, Operation *op, int number) {
  if (step.ops.contains(op))
    return true;
  auto flow = axesOf(op);
  if (!flow)
    return failWhole(op);
  for (auto [x, axis] : llvm::zip_equal(op->getOperands(), flow->operands)) {
    if (axisOf(x) != axis && !matchPattern(x, m_Constant()))
      return fail(op, "a row meets all rows here",
                  "score rows against columns that all of them share");
    if (!collect(step, x, number))
      return false;
  }
  step.ops.insert(op);
  return true;
}

/// Does anybody but the first of the steps `from` read what `op` makes? A narrow op of the region
/// stands outside too; if it is read there, so is what it reads.
bool Cluster::leaves(Operation *op, ArrayRef<Step> from) const {
  Value x = op->getResult(0);
  auto isOutside = [&](Operation *user) {
    bool isNarrow =
        !sinks.contains(user) && user->getNumResults() == 1 && !wide.contains(user->getResult(0));
    return !from.front().ops.contains(user) || (isNarrow && leaves(user, from));
  };
  return llvm::any_of(x.getUsers(), isOutside) ||
         llvm::any_of(from.drop_front(), [&](const Step &later) {
           return later.sliced.contains(x) || later.whole.contains(x);
         });
}

/// Step after step: its sinks, what they need, then which of them leave it.
bool Cluster::plan() {
  int last = 0;
  for (Operation *sink : sinks)
    last = std::max(last, times(sink->getResult(0)).outside);
  steps.resize(last);
  for (auto [number, step] : llvm::enumerate(steps)) {
    for (Operation *sink : sinks)
      if (times(sink->getResult(0)).outside == int(number) + 1) {
        if (!collectOp(step, sink, number))
          return false;
        step.sinks.push_back(sink);
      }
    step.sort();
  }
  for (size_t i = 0; i < steps.size(); ++i)
    for (Operation *sink : steps[i].sinks) {
      if (!leaves(sink, ArrayRef(steps).drop_front(i)))
        continue;
      (axesOf(sink)->isSum ? steps[i].sums : steps[i].pieces).push_back(sink);
    }
  return true;
}

/// Goes on behind a misfit, to know whether this is a candidate at all.
bool Cluster::match() {
  visit(root.getY(), rootAxis);
  while (!waiting.empty()) {
    Value x = waiting.pop_back_val();
    visitMaker(x, axes[x]);
    visitUsers(x, axes[x]);
  }
  if (!misfit_.reason.empty() || !comparesColumns())
    return false;
  for (Operation *sink : sinks)
    when[sink->getResult(0)] = {};
  followNarrow();
  setTimes();
  return plan();
}

// ---- the regions -------------------------------------------------------------------------------

/// So many rows that one array of a block stays in a core's cache, but no fewer than keep the
/// contractions busy, which a single one of a batch does; a divisor of all if there is one at hand.
/// Products that are added up over rows are written whole for every block: for large ones as many
/// rows as a contraction takes at once, so that this is little beside computing them.
int64_t Cluster::blockOf(ArrayRef<Operation *> sums) const {
  if (isByOne())
    return 1;
  const int64_t rows = rowCount(), width = std::max<int64_t>(sizeOf(root.getY()) / rows, 1);
  auto isLarge = [&](Operation *sum) {
    return isa<ContractOp>(sum) && sizeOf(sum->getResult(0)) > blockElements;
  };
  const int64_t fewest = isOfBatch() ? 1 : llvm::any_of(sums, isLarge) ? 256 : 64;
  return blockBelow(std::clamp<int64_t>(blockElements / width, fewest, 256), rows);
}

/// Ops are added at the end of the block; whoever calls this sorts them.
void Cluster::rewrite() {
  OpBuilder b(root->getBlock()->getTerminator());
  for (const Step &step : steps)
    build(b, root.getLoc(), step, axes, rowCount(), blockOf(step.sums), made);
  for (auto [from, to] : made)
    Value(from).replaceAllUsesWith(to);
}

// ---- the pass ----------------------------------------------------------------------------------

struct StreamRows : impl::StreamRowsBase<StreamRows> {
  using StreamRowsBase::StreamRowsBase;

  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      function.walk([&](Block *block) {
        if (!isa<RowsOp>(block->getParentOp())) // visited by what made it
          visit(function, *block);
      });
  }

private:
  /// Scores outnumber what they are made of; twice, unless they come as a batch, where cutting it
  /// costs nothing and what is one head's stays in a cache.
  bool isCandidate(func::FuncOp function, ContractOp op) const {
    const int64_t scores = sizeOf(op.getY()), from = sizeOf(op.getA()) + sizeOf(op.getB());
    if (op.getABatch().empty())
      return scores >= minElements && scores >= 2 * from;
    // An open entry and its companions decide alike; to cut a batch, or not, changes no bit.
    const int64_t many = isOpen(function) ? scores / openDimOf(function)->rows * 64 : scores;
    return many >= minElements && scores > from;
  }

  void visit(func::FuncOp function, Block &block) {
    DenseSet<Operation *> done;
    bool changed = false;
    for (ContractOp root : llvm::to_vector(block.getOps<ContractOp>()))
      if (isCandidate(function, root) && !done.contains(root))
        changed |= visit(function, root, done);
    for (Fused first : llvm::to_vector(block.getOps<Fused>()))
      if (depth == 0 && isSearch(first) && sizeOf(rowsOf(first)) >= minElements &&
          !done.contains(first))
        changed |= visit(function, first, done);
    if (!changed)
      return;
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
      if (isOpTriviallyDead(&op))
        op.erase();
    sortTopologically(&block);
    // Blocks along one axis are cut along the next: into what is one image's, one head's, some
    // rows.
    ++depth;
    for (auto rows : block.getOps<RowsOp>())
      visit(function, rows.getBody().front());
    --depth;
  }

  bool visit(func::FuncOp function, Fused first, DenseSet<Operation *> &done) {
    SearchChain chain(first, blockElements);
    bool fits = chain.match();
    if (!chain.isChain())
      return false;
    done.insert_range(chain.searches());
    std::optional<Misfit> misfit;
    if (!fits)
      misfit = chain.misfit();
    else if ((misfit = misfitOfOpen(function, first, chain.hasSumsOverRows())))
      fits = false;
    else
      chain.rewrite();
    note(function, first, misfit);
    return fits;
  }

  bool isMany(ContractOp op) const { return sizeOf(op.getY()) >= minElements; }

  /// Is it a call that says how many of some rows there are? Not of those inside of a block.
  bool isOpen(func::FuncOp function) const { return depth == 0 && openDimOf(function); }

  /// Blocks depend on how many rows there are, which of an open entry a call says. Where they are
  /// not of one row each, it goes without them: that changes no bit, unless rows are added up,
  /// block by block.
  std::optional<Misfit> misfitOfOpen(func::FuncOp function, Operation *root, bool hasSums) {
    if (!isOpen(function))
      return {};
    const std::optional<OpenDim> dim = openDimOf(function);
    if (hasSums) {
      root->emitError("entry '") << function.getName() << "' leaves " << dim->name
                                 << " open, but sums over rows of these scores are taken in blocks "
                                    "whose number depends on it; bind "
                                 << dim->name << " to a number";
      signalPassFailure();
    }
    return Misfit{root->getLoc(), "its blocks depend on " + dim->name + ", which is open",
                  "bind " + dim->name + " to a number"};
  }

  /// Tries every axis of the scores as that of the rows.
  bool visit(func::FuncOp function, ContractOp root, DenseSet<Operation *> &done) {
    std::optional<Misfit> misfit;
    for (int axis = 0; axis < typeOf(root.getY()).getRank(); ++axis) {
      Cluster cluster(root, axis, blockElements, isOpen(function));
      const bool fits = cluster.match();
      if (!cluster.comparesColumns() || !cluster.isCut())
        continue;
      cluster.addOps(done);
      if (fits)
        misfit = cluster.isByOne() && !cluster.hasSumsOverRows()
                     ? std::nullopt
                     : misfitOfOpen(function, root, cluster.hasSumsOverRows() && isMany(root));
      if (fits && misfit)
        break;
      if (fits) {
        cluster.rewrite();
        note(function, root, {});
        return true;
      }
      if (!misfit)
        misfit = cluster.misfit();
    }
    if (misfit)
      note(function, root, misfit);
    return false;
  }

  /// Once for a candidate, whatever is cut inside its blocks.
  void note(func::FuncOp function, Operation *root, const std::optional<Misfit> &misfit) {
    if (depth == 0)
      record(getOperation(), {family.name.str(), function.getName().str(), root->getLoc(), misfit},
             explain);
  }

  int depth = 0; ///< of regions of blocks around what is visited
};

} // namespace
} // namespace kerf::compiler::rows
