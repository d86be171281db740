#include "compiler/families/rows/cluster.h"

#include "compiler/ops/broadcast.h"
#include "compiler/ops/exp.h"
#include "compiler/ops/reshape.h"
#include "compiler/ops/rows.h"
#include "compiler/ops/sigmoid.h"
#include "compiler/ops/softplus.h"
#include "compiler/ops/sum.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace kerf::compiler::rows {

static bool isSplat(Operation *constant) {
  return isa<SplatElementsAttr>(cast<arith::ConstantOp>(constant).getValue());
}

bool Cluster::fail(Operation *where, const Twine &reason, const Twine &edit) {
  if (misfit_.reason.empty())
    misfit_ = {where->getLoc(), reason.str(), edit.str()};
  return false;
}

bool Cluster::isWide(Value x) const { return sizeOf(x) > sizeOf(root.getY()) / 2; }

/// The ops that make `x` of values of a quarter of its size, innermost first; false if there are
/// none, or many.
static bool spread(Value x, int64_t most, llvm::SetVector<Operation *> &ops) {
  constexpr size_t few = 12;
  Operation *maker = x.getDefiningOp();
  if (maker && ops.contains(maker))
    return true;
  const bool isConstant = maker && matchPattern(x, m_Constant());
  const bool isMade =
      maker && maker->getNumResults() == 1 && maker->getNumRegions() == 0 &&
      (isConstant ? isSplat(maker)
                  : maker->hasTrait<Elementwise>() || isa<BroadcastOp, ReshapeOp>(maker));
  if (!isMade || sizeOf(x) <= most)
    return sizeOf(x) <= most;
  for (Value operand : maker->getOperands())
    if (!spread(operand, most, ops))
      return false;
  ops.insert(maker);
  return ops.size() <= few;
}

/// Is it as large as a block, but of far fewer numbers, as a mask of positions is? It is made again
/// in each block, and none of its other readers belong to the cluster.
bool Cluster::isSpread(Value x) const {
  llvm::SetVector<Operation *> ops;
  return sizeOf(x) > blockElements && spread(x, sizeOf(x) / 4, ops);
}

// ---- what hangs together -----------------------------------------------------------------------

/// Notes that `x` has its rows along `axis`; wide values are followed from there.
bool Cluster::visit(Value x, int axis) {
  auto [known, isNew] = axes.try_emplace(x, axis);
  if (!isNew)
    return known->second == axis;
  if (isWide(x) || isSpread(x)) {
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
  hasExp |= isa<ExpOp, SigmoidOp, SoftplusOp>(maker);
  for (auto [operand, itsAxis] : llvm::zip_equal(maker->getOperands(), flow->operands))
    if (itsAxis != noRows && !visit(operand, itsAxis))
      fail(maker, "rows meet rows here",
           "score rows against columns that all of them share, not against each other");
}

/// Of blocks around this one, which may do no more to their sum.
static bool addsToSum(Operation *op) {
  auto rows = dyn_cast<RowsOp>(op->getParentOp());
  if (!rows)
    return false;
  auto sums = rows.getBody().getArguments().take_back(rows.getSums().size());
  return llvm::any_of(
      sums, [&](BlockArgument sum) { return llvm::is_contained(op->getOperands(), sum); });
}

void Cluster::visitUsers(Value x, int axis) {
  for (OpOperand &use : x.getUses()) {
    Operation *user = use.getOwner();
    auto flow = addsToSum(user) ? std::nullopt : fromOperand(user, use.getOperandNumber(), axis);
    if (!flow) {
      mayLeave() && x.getDefiningOp() ? void(leaving.insert(x)) : void(failWhole(user));
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
  auto flow = axesOf(op);
  for (auto [i, x] : llvm::enumerate(op->getOperands())) {
    const Times its = this->times(x);
    // All rows of it are there when it is.
    const bool meetsAll = flow && flow->operands[i] == noRows && axisOf(x) != noRows;
    times.inside =
        std::max(times.inside, meetsAll && its.outside != never ? its.outside : its.inside);
    times.outside = std::max(times.outside, its.outside);
  }
  const bool isWideOp = op->getNumResults() == 1 && wide.contains(op->getResult(0));
  isWhole = !flow || flow->isSum;
  if (isWideOp)
    times.outside = leaving.contains(op->getResult(0)) ? times.inside + 1 : never;
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

/// Makes what `use` reads available to step `number`: its rows along `axis`, or all of it.
bool Cluster::collect(Step &step, OpOperand &use, int axis, int number) {
  if (axis == noRows)
    return collectWhole(step, use, number);
  if (matchPattern(use.get(), m_Constant()))
    axes.try_emplace(use.get(), axis);
  if (axisOf(use.get()) != axis)
    return failMeeting(use.getOwner());
  return collectRows(step, use.get(), number);
}

/// As an operand if it exists by then, else by its op.
bool Cluster::collectRows(Step &step, Value x, int number) {
  Operation *maker = x.getDefiningOp();
  const bool isConstant = maker && matchPattern(x, m_Constant());
  if (isConstant && isSplat(maker)) {
    step.ops.insert(maker);
    return true;
  }
  const bool isArray = !wide.contains(x) || leaving.contains(x);
  if (!maker || isConstant || (isArray && times(x).outside <= number)) {
    step.sliced.insert(x);
    return true;
  }
  return collectOp(step, maker, number);
}

bool Cluster::collectWhole(Step &step, OpOperand &use, int number) {
  Value x = use.get();
  Operation *maker = x.getDefiningOp();
  const bool isConstant = maker && matchPattern(x, m_Constant());
  const bool isThere = !maker || isConstant || times(x).outside <= number;
  if (axisOf(x) != noRows) { // a row meets all of them
    step.wholeUses.insert(&use);
    step.whole.insert(x);
    return isThere || failMeeting(use.getOwner());
  }
  if (isConstant) {
    step.ops.insert(maker);
    return true;
  }
  llvm::SetVector<Operation *> ops;
  if (isSpread(x) && spread(x, sizeOf(x) / 4, ops) &&
      llvm::none_of(ops, [&](Operation *op) { return axisOf(op->getResult(0)) != noRows; })) {
    step.ops.insert_range(ops);
    for (Operation *op : ops)
      for (OpOperand &from : op->getOpOperands())
        if (!ops.contains(from.get().getDefiningOp()) && !collectWhole(step, from, number))
          return false;
    return true;
  }
  if (!isThere)
    return collectOp(step, maker, number);
  step.whole.insert(x);
  return true;
}

bool Cluster::collectOp(Step &step, Operation *op, int number) {
  if (step.ops.contains(op))
    return true;
  auto flow = axesOf(op);
  if (!flow)
    return failWhole(op);
  for (auto [use, axis] : llvm::zip_equal(op->getOpOperands(), flow->operands))
    if (!collect(step, use, axis, number))
      return false;
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
    if (!isSpread(x))
      visitUsers(x, axes[x]);
  }
  if (!misfit_.reason.empty() || !comparesColumns())
    return false;
  for (Value x : leaving)
    sinks.insert(x.getDefiningOp());
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
  const int64_t fewest = llvm::any_of(sums, isLarge) ? 256 : 64; // of a product
  const int64_t least = isOfBatch() ? 1 : std::max<int64_t>(fewest / rowsBeside(), 1);
  return blockBelow(std::clamp<int64_t>(blockElements / width, least, 256), rows);
}

/// How many rows of the contraction's product there are for each of the rows: those along the other
/// axes of the same operand.
int64_t Cluster::rowsBeside() const {
  const int batch = root.getABatch().size();
  const int ofB = typeOf(root.getA()).getRank() - root.getAContract().size(); // from here on
  const ArrayRef<int64_t> shape = typeOf(root.getY()).getShape();
  const ArrayRef<int64_t> own =
      rootAxis < ofB ? shape.slice(batch, ofB - batch) : shape.drop_front(ofB);
  return std::max<int64_t>(ShapedType::getNumElements(own) / rowCount(), 1);
}

/// Ops are added at the end of the block; whoever calls this sorts them.
void Cluster::rewrite() {
  OpBuilder b(root->getBlock()->getTerminator());
  for (const Step &step : steps)
    build(b, root.getLoc(), step, axes, rowCount(), blockOf(step.sums), made);
  for (auto [from, to] : made)
    Value(from).replaceAllUsesWith(to);
}

} // namespace kerf::compiler::rows
