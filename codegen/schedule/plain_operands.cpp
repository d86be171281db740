// Fills and copies as generics, and operands of kernels that lie compactly.
#include "codegen/schedule/kernel_op.h"
#include "codegen/schedule/steps.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;

namespace kerf::codegen {

/// to[i] = from[i]
static linalg::GenericOp copyLoop(OpBuilder &b, Location location, Value from, Value to) {
  int64_t rank = cast<MemRefType>(to.getType()).getRank();
  AffineMap map = b.getMultiDimIdentityMap(rank);
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
  return linalg::GenericOp::create(
      b, location, TypeRange(), ValueRange(from), ValueRange(to), ArrayRef{map, map}, iterators,
      [](OpBuilder &b, Location inner, ValueRange x) { linalg::YieldOp::create(b, inner, x[0]); });
}

static void spellOutCopies(func::FuncOp entry) {
  IRRewriter rewriter(entry.getContext());
  SmallVector<Operation *> ops;
  entry.walk([&](Operation *op) { ops.push_back(op); });
  for (Operation *op : ops) {
    rewriter.setInsertionPoint(op);
    if (auto copy = dyn_cast<memref::CopyOp>(op)) {
      copyLoop(rewriter, op->getLoc(), copy.getSource(), copy.getTarget());
      rewriter.eraseOp(op);
    } else if (auto named = dyn_cast<linalg::LinalgOp>(op); named && !isa<linalg::GenericOp>(op)) {
      (void)linalg::generalizeNamedOp(rewriter, named);
    }
  }
}

/// Kernels want compact operands: others go by way of a compact copy.
static void compactKernelOperands(func::FuncOp entry) {
  entry.walk([&](KernelOp kernel) {
    OpBuilder before(kernel), after(kernel->getContext());
    after.setInsertionPointAfter(kernel);
    for (OpOperand &operand : kernel->getOpOperands()) {
      auto type = cast<MemRefType>(operand.get().getType());
      auto compact = MemRefType::get(type.getShape(), type.getElementType());
      FailureOr<SmallVector<int64_t>> strides = stridesOf(type);
      if (succeeded(strides) && *strides == *stridesOf(compact))
        continue;
      Value view = operand.get();
      Value copy = memref::AllocOp::create(before, kernel.getLoc(), compact);
      if (kernel.isDpsInit(&operand))
        copyLoop(after, kernel.getLoc(), copy, view);
      else
        copyLoop(before, kernel.getLoc(), view, copy);
      operand.set(copy);
    }
  });
}

void prepareBody(func::FuncOp entry) {
  compactKernelOperands(entry);
  spellOutCopies(entry);
}

} // namespace kerf::codegen
