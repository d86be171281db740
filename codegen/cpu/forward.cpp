// Copies that need not be: a buffer is made in the place it is copied to.
#include "cpu/accesses.h"
#include "cpu/steps.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;

namespace kerf::cpu {

/// May `op`, which touches the destination, do so if `fresh` lies there? It may before the buffer
/// is first accessed, there if old values are read where new ones are written, and after its last
/// access.
static bool toleratesForwarding(Operation *op, const Accesses &accesses, memref::AllocOp fresh,
                                Value destination, Span ours) {
  std::optional<Span> theirs = accesses.within(fresh->getBlock(), op);
  if (!theirs) // before or after the loop that makes the buffer
    return true;
  if (theirs->first > ours.first)
    return theirs->first > ours.last;
  return theirs->last < ours.first ||
         (op->getBlock() == fresh->getBlock() && updatesInPlace(op, destination, fresh));
}

/// May the buffer `fresh`, which `copy` puts into `destination`, lie there from the start? Its
/// contents must not change after the copy, and nobody may need the destination's while it is made.
static bool canForward(const Accesses &accesses, memref::AllocOp fresh, memref::CopyOp copy) {
  if (fresh->getBlock() != copy->getBlock() || accesses.of(fresh).empty())
    return false;
  Value destination = copy.getTarget();
  Span ours = *accesses.life(fresh), now = *accesses.within(copy->getBlock(), copy);
  for (Operation *op : accesses.of(fresh))
    if (accesses.within(fresh->getBlock(), op)->last > now.last && writesTo(op, fresh))
      return false;
  return llvm::all_of(accesses.of(destination), [&](Operation *op) {
    return op == copy || toleratesForwarding(op, accesses, fresh, destination, ours);
  });
}

/// All of `view`'s buffer, in its order.
static bool coversRoot(Value view, Value root) {
  auto type = cast<MemRefType>(view.getType());
  return type.getLayout().isIdentity() &&
         type.getNumElements() == cast<MemRefType>(root.getType()).getNumElements();
}

/// A whole buffer that is there before `block` begins.
static bool isOuterBuffer(Value buffer, Block *block) {
  return isa<BlockArgument>(buffer) ||
         (buffer.getDefiningOp<memref::AllocOp>() && buffer.getParentBlock() != block);
}

/// Replaces `fresh` by the destination of `copy`, which has nothing to do then.
static void putInto(memref::CopyOp copy, memref::AllocOp fresh, Accesses &accesses) {
  Value place = copy.getTarget();
  accesses.join(fresh, rootOf(place), copy);
  OpBuilder b(fresh);
  if (MemRefType type = fresh.getType(); type != place.getType()) {
    Layout layout = *layoutOf(type);
    place = memref::ReinterpretCastOp::create(b, fresh.getLoc(), type, place, layout.offset,
                                              type.getShape(), layout.strides);
  }
  fresh.getResult().replaceAllUsesWith(place);
  fresh.erase();
  copy.erase();
}

static void eraseCopiesInPlace(func::FuncOp entry) {
  entry.walk([](memref::CopyOp copy) {
    if (copy.getSource() == copy.getTarget())
      copy.erase();
  });
}

/// The last copy first: the place it frees may be the destination of another one before it.
void forwardResults(func::FuncOp entry) {
  SmallVector<memref::CopyOp> copies;
  entry.walk([&](memref::CopyOp copy) { copies.push_back(copy); });
  Accesses accesses(entry);
  for (memref::CopyOp copy : llvm::reverse(copies)) {
    auto fresh = rootOf(copy.getSource()).getDefiningOp<memref::AllocOp>();
    if (fresh && fresh.getType().getNumElements() != 0 && coversRoot(copy.getSource(), fresh) &&
        isOuterBuffer(copy.getTarget(), copy->getBlock()) && canForward(accesses, fresh, copy))
      putInto(copy, fresh, accesses);
  }
  eraseCopiesInPlace(entry);
}

} // namespace kerf::cpu
