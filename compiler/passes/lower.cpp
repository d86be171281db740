// Every op with a `lower` => what it returns; the others are kept for a kernel.
#include "compiler/pipeline.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include "compiler/dialect.h"

using namespace mlir;

namespace kerf::compiler {
#define GEN_PASS_DEF_LOWER
#include "compiler/passes.h.inc"

namespace {

struct Lower : impl::LowerBase<Lower> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isExternal())
      return;
    SmallVector<Operation *> ops;
    function.walk([&](Operation *op) { // what a region holds before its owner
      if (isa_and_nonnull<KerfDialect>(op->getDialect()) &&
          !op->hasTrait<OpTrait::IsTerminator>() && !isForKernel(op->getParentOp()))
        ops.push_back(op);
    });
    for (Operation *op : ops)
      if (failed(lower(*op)))
        return signalPassFailure();
  }

private:
  /// Regions of an op with a kernel say what its code does: the kernel lowers them.
  static bool isForKernel(Operation *op) { return isa<Fused>(op) && !isa<Lowerable>(op); }

  LogicalResult lower(Operation &op) {
    auto lowerable = dyn_cast<Lowerable>(op);
    if (!lowerable && op.getNumRegions() != 0 && !isForKernel(&op))
      return op.emitError("'") << op.getName()
                               << "' is still here: run kerf-differentiate before kerf-lower";
    if (!lowerable)
      return success();
    OpBuilder builder(&op);
    SmallVector<Value> values = lowerable.lower(builder);
    if (ValueRange(values).getTypes() != op.getResultTypes())
      return op.emitError("'") << op.getName() << "' was lowered to other types than its own";
    op.replaceAllUsesWith(values);
    op.erase();
    return success();
  }
};

} // namespace
} // namespace kerf::compiler
