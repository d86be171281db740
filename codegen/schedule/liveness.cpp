#include "codegen/schedule/liveness.h"
#include "codegen/schedule/steps.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;

namespace kerf::codegen {

/// May `op` write to the buffer `root`?
static bool writesTo(Operation *op, Value root) {
  if (auto copy = dyn_cast<memref::CopyOp>(op))
    return rootOf(copy.getTarget()) == root;
  auto destinations = dyn_cast<DestinationStyleOpInterface>(op);
  if (!destinations)
    return true;
  return llvm::any_of(destinations.getDpsInits(), [&](Value init) { return rootOf(init) == root; });
}

void Accesses::visit(Block &block) {
  for (Operation &op : block) {
    int64_t first = count++;
    if (auto loop = dyn_cast<scf::ForOp>(op))
      visit(*loop.getBody());
    else if (auto view = dyn_cast<ViewLikeOpInterface>(op))
      viewed.insert(rootOf(view.getViewSource()));
    else
      add(op);
    spans[&op] = {first, count - 1};
  }
}

/// The op has the last number.
void Accesses::add(Operation &op) {
  for (Value operand : op.getOperands()) {
    if (!isa<MemRefType>(operand.getType()))
      continue;
    Value root = rootOf(operand);
    Users &known = users[root];
    known.ops.insert_or_assign(known.ops.end(), count - 1, &op);
    if (writesTo(&op, root))
      known.writes.insert(known.writes.end(), count - 1);
  }
}

void Accesses::join(Value fresh, Value root, Operation *copy) {
  Users both = std::move(users[fresh]), &theirs = users[root];
  if (both.ops.size() < theirs.ops.size())
    std::swap(both, theirs);
  both.ops.merge(theirs.ops);
  both.writes.merge(theirs.writes);
  both.ops.erase(spans.lookup(copy).first);
  both.writes.erase(spans.lookup(copy).first);
  theirs = std::move(both);
  users.erase(fresh);
}

const Accesses::Users &Accesses::of(Value root) const {
  static const Users none;
  auto it = users.find(root);
  return it == users.end() ? none : it->second;
}

Operation *Accesses::first(Value root) const {
  const auto &ops = of(root).ops;
  return ops.empty() ? nullptr : ops.begin()->second;
}

Operation *Accesses::last(Value root) const {
  const auto &ops = of(root).ops;
  return ops.empty() ? nullptr : ops.rbegin()->second;
}

Operation *Accesses::lastBefore(Value root, Operation *op) const {
  const auto &ops = of(root).ops;
  auto next = ops.lower_bound(spans.lookup(op).first);
  return next == ops.begin() ? nullptr : std::prev(next)->second;
}

bool Accesses::isWrittenAfter(Value root, Operation *op) const {
  const auto &writes = of(root).writes;
  return !writes.empty() && *writes.rbegin() > spans.lookup(op).last;
}

std::optional<Span> Accesses::within(Block *block, Operation *op) const {
  Operation *holder = block->findAncestorOpInBlock(*op);
  return holder ? std::optional(spans.lookup(holder)) : std::nullopt;
}

std::optional<Span> Accesses::life(memref::AllocOp buffer) const {
  if (!first(buffer))
    return std::nullopt;
  Block *block = buffer->getBlock();
  return Span{within(block, first(buffer))->first, within(block, last(buffer))->last};
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

} // namespace kerf::codegen
