// Attention that no kernel takes => plain ops.
#include "compiler/families/attention/passes.h"
#include "compiler/val.h"

#include "compiler/ops/attention.h"
#include "compiler/ops/attention_vjp.h"

using namespace mlir;

namespace kerf::compiler::attention {
#define GEN_PASS_DEF_LEAVEATTENTION
#include "compiler/families/attention/passes.h.inc"

namespace {

struct LeaveAttention : impl::LeaveAttentionBase<LeaveAttention> {
  void runOnOperation() override {
    SmallVector<Decomposable> ops;
    getOperation().walk([&](Decomposable op) {
      const bool isOurs = isa<AttentionOp, AttentionVjpOp>(op.getOperation());
      if (isOurs && getElementTypeOrSelf(op->getOperand(0)).isF64())
        ops.push_back(op);
    });
    for (Decomposable op : ops) {
      OpBuilder b(op);
      op->replaceAllUsesWith(op.decompose(b));
      op->erase();
    }
  }
};

} // namespace
} // namespace kerf::compiler::attention
