#include "compiler/families/rows/search_chain.h"
#include "compiler/match/scaled_view.h"

#include "compiler/ops/gather.h"

using namespace mlir;

namespace kerf::compiler::rows {

static bool isFusedSearch(Operation *op) { return isa<Fused>(op) && isa<Decision>(op); }

bool isSearch(Operation *op) {
  auto axes = isFusedSearch(op) ? fromResult(op, 0) : std::nullopt;
  auto isShared = [](int axis) { return axis == noRows; };
  return axes && axes->operands[0] == 0 && fromOperand(op, 0, 0) &&
         llvm::all_of(ArrayRef(axes->operands).drop_front(), isShared);
}

Value rowsOf(Operation *search) { return search->getOperand(0); }

/// Does `op` make rows of rows of the chain, in the same order along axis 0?
bool SearchChain::follows(Operation *op) {
  // Beside the searches, what costs no more than to read its rows: plain ops, and rows of a table.
  if (op->getNumResults() != 1 || op->getNumRegions() != 0 ||
      !(isa<Lowerable, GatherOp>(op) || isFusedSearch(op)))
    return false;
  for (OpOperand &use : op->getOpOperands()) {
    if (!axes.contains(use.get()))
      continue;
    auto flow = fromOperand(op, use.getOperandNumber(), 0);
    return flow && !flow->isSum && flow->result == 0 &&
           llvm::all_of(llvm::zip_equal(op->getOperands(), flow->operands), [&](auto pair) {
             auto [x, axis] = pair;
             return axis == 0 || (axis == noRows && !axes.contains(x));
           });
  }
  return false;
}

void SearchChain::followAll() {
  axes[first->getResult(0)] = 0;
  levels.push_back(first);
  region.ops.insert(first);
  DenseSet<Value> later; // made of rows of the chain, and there when all blocks are done
  for (Operation *op = first->getNextNode(); op; op = op->getNextNode()) {
    auto isIn = [](const auto &set) { return [&](Value x) { return set.contains(x); }; };
    const bool isLater = llvm::any_of(op->getOperands(), isIn(later));
    if (!isLater && follows(op)) {
      axes[op->getResult(0)] = 0;
      region.ops.insert(op);
      if (isFusedSearch(op))
        levels.push_back(op);
    } else if (isLater || llvm::any_of(op->getOperands(), isIn(axes))) {
      later.insert_range(op->getResults());
    }
  }
}

/// Leaves only what leads to a search.
void SearchChain::keepPaths() {
  SmallVector<Operation *> kept;
  DenseSet<Value> wanted;
  for (Operation *op : llvm::reverse(region.ops.getArrayRef()))
    if (isFusedSearch(op) || wanted.contains(op->getResult(0))) {
      kept.push_back(op);
      wanted.insert(op->operand_begin(), op->operand_end());
    } else {
      axes.erase(op->getResult(0));
    }
  region.ops.clear();
  region.ops.insert(kept.rbegin(), kept.rend());
}

/// What the region reads. Splats with rows become splats of a block.
void SearchChain::addInputs() {
  for (Operation *op : llvm::to_vector(region.ops)) {
    auto flow = fromResult(op, 0);
    for (auto [x, axis] : llvm::zip_equal(op->getOperands(), flow->operands)) {
      if (Operation *maker = x.getDefiningOp(); maker && region.ops.contains(maker))
        continue;
      auto constant = x.getDefiningOp<arith::ConstantOp>();
      if (constant && isa<SplatElementsAttr>(constant.getValue())) {
        if (axis == 0)
          axes[x] = 0;
        region.ops.insert(constant);
        continue;
      }
      if (axis == 0)
        axes[x] = 0;
      (axis == 0 ? region.sliced : region.whole).insert(x);
    }
  }
  region.sort();
}

void SearchChain::findLeaving() {
  for (Operation *op : region.ops)
    if (!isa<arith::ConstantOp>(op) &&
        llvm::any_of(op->getUsers(), [&](Operation *user) { return !region.ops.contains(user); }))
      region.pieces.push_back(op);
}

bool SearchChain::match() {
  followAll();
  if (!isChain())
    return false;
  keepPaths();
  addInputs();
  findLeaving();
  for (Operation *level : ArrayRef(levels).drop_front())
    if (!llvm::is_contained(region.pieces, rowsOf(level).getDefiningOp()))
      return true;
  misfit_ = {levels[1]->getLoc(), "what every level left is read elsewhere too, so it must exist",
             "compute losses of the levels from rows of the codebooks, or leave this as it is"};
  return false;
}

/// So many rows that to make columns ready again for each block is little beside comparing them,
/// and that what a level leaves of them is still near.
int64_t SearchChain::blockOf() {
  const int64_t rows = typeOf(rowsOf(first)).getDimSize(0), width = sizeOf(rowsOf(first)) / rows;
  return blockBelow(std::clamp<int64_t>(16 * blockElements / width, 64, 4096), rows);
}

void SearchChain::rewrite() {
  OpBuilder b(first->getBlock()->getTerminator());
  DenseMap<Value, Value> made;
  build(b, first->getLoc(), region, axes, typeOf(rowsOf(first)).getDimSize(0), blockOf(), made);
  for (auto [from, to] : made)
    Value(from).replaceAllUsesWith(to);
}

} // namespace kerf::compiler::rows
