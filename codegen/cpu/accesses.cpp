#include "cpu/accesses.h"
#include "cpu/steps.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;

namespace kerf::cpu {

void Accesses::visit(Block &block) {
  for (Operation &op : block) {
    int64_t first = count++;
    if (auto loop = dyn_cast<scf::ForOp>(op))
      visit(*loop.getBody());
    else if (!isa<ViewLikeOpInterface>(op))
      add(op);
    spans[&op] = {first, count - 1};
  }
}

void Accesses::add(Operation &op) {
  for (Value operand : op.getOperands()) {
    if (!isa<MemRefType>(operand.getType()))
      continue;
    auto &list = users[rootOf(operand)];
    if (list.empty() || list.back() != &op)
      list.push_back(&op);
  }
}

void Accesses::join(Value fresh, Value root, Operation *copy) {
  auto earlier = [&](Operation *a, Operation *b) {
    return spans.lookup(a).first < spans.lookup(b).first;
  };
  SmallVector<Operation *> both;
  ArrayRef<Operation *> theirs = of(fresh), ours = of(root);
  std::merge(theirs.begin(), theirs.end(), ours.begin(), ours.end(), std::back_inserter(both),
             earlier);
  both.erase(llvm::unique(both), both.end());
  llvm::erase(both, copy);
  users.erase(fresh);
  users[root] = std::move(both);
}

ArrayRef<Operation *> Accesses::of(Value root) const {
  auto it = users.find(root);
  return it == users.end() ? ArrayRef<Operation *>() : it->second;
}

std::optional<Span> Accesses::within(Block *block, Operation *op) const {
  Operation *holder = block->findAncestorOpInBlock(*op);
  return holder ? std::optional(spans.lookup(holder)) : std::nullopt;
}

std::optional<Span> Accesses::life(memref::AllocOp buffer) const {
  std::optional<Span> life;
  for (Operation *op : of(buffer)) {
    Span span = *within(buffer->getBlock(), op);
    life = life ? Span{std::min(life->first, span.first), std::max(life->last, span.last)} : span;
  }
  return life;
}

static bool sameElements(MemRefType a, MemRefType b) {
  return a.getShape() == b.getShape() && a.getLayout() == b.getLayout() &&
         a.getElementTypeBitWidth() == b.getElementTypeBitWidth();
}

bool updatesInPlace(Operation *op, Value old, Value fresh) {
  if (!sameElements(cast<MemRefType>(old.getType()), cast<MemRefType>(fresh.getType())))
    return false;
  if (auto copy = dyn_cast<memref::CopyOp>(op))
    return copy.getSource() == old && copy.getTarget() == fresh;
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
  return true;
}

bool writesTo(Operation *op, Value root) {
  if (auto copy = dyn_cast<memref::CopyOp>(op))
    return rootOf(copy.getTarget()) == root;
  auto destinations = dyn_cast<DestinationStyleOpInterface>(op);
  if (!destinations)
    return true;
  return llvm::any_of(destinations.getDpsInits(), [&](Value init) { return rootOf(init) == root; });
}

} // namespace kerf::cpu
