// Copies that need not be: a buffer is made in the place it is copied to.
#include "codegen/schedule/liveness.h"
#include "codegen/schedule/steps.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;

namespace kerf::codegen {

/// May `op`, which touches the destination during the life of `fresh`, do so if that lies there? It
/// may where the buffer is first accessed, if old values are read where new ones are written.
static bool toleratesForwarding(Operation *op, const Accesses &accesses, memref::AllocOp fresh,
                                Value destination) {
  return op == accesses.first(fresh) && op->getBlock() == fresh->getBlock() &&
         updatesInPlace(op, destination, fresh);
}

/// May the buffer `fresh`, which `copy` puts into `destination`, lie there from the start? Its
/// contents must not change after the copy, and nobody may need the destination's while it is made.
static bool canForward(const Accesses &accesses, memref::AllocOp fresh, memref::CopyOp copy) {
  if (fresh->getBlock() != copy->getBlock() || accesses.isWrittenAfter(fresh, copy))
    return false;
  Value destination = copy.getTarget();
  Span life = *accesses.life(fresh); // the copy at least
  return llvm::all_of(accesses.during(destination, life), [&](Operation *op) {
    return op == copy || toleratesForwarding(op, accesses, fresh, destination);
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

} // namespace kerf::codegen
