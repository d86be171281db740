// Derivatives that regions ask for => straight-line kerf ops beside them.
#include "compiler/pipeline.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

#include "compiler/derivatives/flows.h"
#include "compiler/derivatives/forward.h"
#include "compiler/derivatives/lost.h"
#include "compiler/derivatives/reverse.h"
#include "compiler/ops/custom_vjp.h"
#include "compiler/ops/jvp.h"

using namespace mlir;

namespace kerf::compiler {
#define GEN_PASS_DEF_DIFFERENTIATE
#include "compiler/passes.h.inc"

namespace {

/// Puts `values` in place of an op, and removes what was made before it in vain, for operands that
/// need no derivative: a sweep from the last op up.
void replace(Operation *op, ArrayRef<Value> values) {
  op->replaceAllUsesWith(values);
  Block *block = op->getBlock();
  Operation *next = op->getPrevNode();
  op->erase();
  while (next) {
    Operation *candidate = next;
    next = next == &block->front() ? nullptr : next->getPrevNode();
    if (isOpTriviallyDead(candidate))
      candidate->erase();
  }
}

/// The region's ops, then their vjps backwards.
LogicalResult expand(ValueAndGradOp op) {
  Block &body = op.getBody().front();
  OpBuilder builder(op);
  Reverse reverse(builder, body, op.getX(), op);
  ValueRange yielded = body.getTerminator()->getOperands();
  SmallVector<Value> cotangents(yielded.size()); // of auxiliary values none
  const Value loss = yielded.front();
  cotangents.front() = splat(builder, loss.getLoc(), loss.getType(), 1);
  const auto params = body.getArguments().take_front(op.getNumParams());
  if (failed(reverse.run(builder, SmallVector<Value>(params), cotangents)))
    return failure();

  SmallVector<Value> results =
      llvm::map_to_vector(yielded, [&](Value x) { return reverse.copyOf(x); });
  SmallVector<bool> hasGradient;
  for (BlockArgument param : params) {
    const Value gradient = reverse.cotangentOf(param);
    hasGradient.push_back(bool(gradient));
    results.push_back(gradient ? gradient : splat(builder, op.getLoc(), param.getType(), 0));
  }
  warnOfLostGradients(op, hasGradient);
  replace(op, results);
  return success();
}

/// The region's ops, and beside each its tangents.
LogicalResult expand(JvpOp op) {
  OpBuilder builder(op);
  SmallVector<Value> arguments(op.getParams()), tangents(op.getTangents());
  llvm::append_range(arguments, op.getCaptures());
  tangents.resize(arguments.size()); // captures are constant
  FailureOr<Derivative> derivative =
      forwardMode(builder, op.getBody().front(), arguments, tangents, op);
  if (failed(derivative))
    return failure();
  SmallVector<Value> results = derivative->values;
  for (auto [value, tangent] : llvm::zip_equal(derivative->values, derivative->flows))
    if (isFloat(value))
      results.push_back(tangent ? tangent : splat(builder, op.getLoc(), value.getType(), 0));
  replace(op, results);
  return success();
}

struct Differentiate : impl::DifferentiateBase<Differentiate> {
  void runOnOperation() override {
    SmallVector<Operation *> asking; // the innermost first
    getOperation().walk<WalkOrder::PostOrder>([&](Operation *op) {
      if (isa<ValueAndGradOp, JvpOp>(op))
        asking.push_back(op);
    });
    for (Operation *op : asking) {
      auto gradient = dyn_cast<ValueAndGradOp>(op);
      if (failed(gradient ? expand(gradient) : expand(cast<JvpOp>(op))))
        return signalPassFailure();
    }
    SmallVector<CustomVjpOp> left; // of which no derivative is taken any more
    getOperation().walk([&](CustomVjpOp op) { left.push_back(op); });
    for (CustomVjpOp op : left) {
      OpBuilder builder(op);
      op->replaceAllUsesWith(op.inlined(builder));
      op->erase();
    }
  }
};

} // namespace
} // namespace kerf::compiler
