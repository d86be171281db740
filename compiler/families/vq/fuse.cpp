// argmin over scores that are distances or products with a codebook => kerf.vq.
#include "compiler/all_families.h"
#include "compiler/families/vq/passes.h"
#include "compiler/families/vq/scores.h"
#include "compiler/match/scaled_view.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "compiler/ops/cond.h"
#include "compiler/ops/scan.h"
#include "compiler/ops/sub.h"

using namespace mlir;

namespace kerf::compiler::vq {
#define GEN_PASS_DEF_FUSEVQ
#include "compiler/families/vq/passes.h.inc"

namespace {

/// Does a source reach `v` through ops of elements, arrays of this size all the way?
bool comesFrom(Value v, int64_t size, llvm::function_ref<bool(Operation *)> isSource,
               DenseSet<Operation *> &seen) {
  Operation *op = v.getDefiningOp();
  if (!op || sizeOf(v) != size || !seen.insert(op).second)
    return false;
  return isSource(op) || llvm::any_of(op->getOperands(),
                                      [&](Value x) { return comesFrom(x, size, isSource, seen); });
}

bool isBroadcastDifference(Operation *op) {
  auto sub = dyn_cast<SubOp>(op);
  return sub &&
         (sub.getA().getDefiningOp<BroadcastOp>() || sub.getB().getDefiningOp<BroadcastOp>());
}

/// A contraction, or a sum over differences of two tensors of fewer axes.
bool isProduct(Operation *op) {
  DenseSet<Operation *> seen;
  auto sum = dyn_cast<SumOp>(op);
  return isa<ContractOp>(op) ||
         (sum && comesFrom(sum.getX(), sizeOf(sum.getX()), isBroadcastDifference, seen));
}

struct FuseVq : impl::FuseVqBase<FuseVq> {
  using FuseVqBase::FuseVqBase;

  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (function.isExternal())
        continue;
      SmallVector<ArgminOp> roots;
      function.walk([&](ArgminOp root) { roots.push_back(root); });
      for (ArgminOp root : roots)
        visit(function, root);
      function.walk([](Block *block) { eraseDead(*block); });
    }
  }

private:
  void visit(func::FuncOp function, ArgminOp root) {
    DenseSet<Operation *> seen;
    if (!isa<FloatType>(typeOf(root.getX()).getElementType()) ||
        !comesFrom(root.getX(), sizeOf(root.getX()), isProduct, seen))
      return;
    Scores scores(root);
    FusionOutcome outcome{family.name.str(), function.getName().str(), root.getLoc(), {}};
    if (scores.match()) {
      OpBuilder builder(root);
      root.replaceAllUsesWith(scores.rewrite(builder));
    } else {
      outcome.misfit = scores.misfit();
    }
    record(getOperation(), outcome, explain);
  }

  static void eraseDead(Block &block) {
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
      if (isOpTriviallyDead(&op)) {
        op.erase();
      } else if (auto scan = dyn_cast<ScanOp>(op)) {
        IRRewriter rewriter(&op);
        ScanOp::withoutUnused(scan, rewriter); // what a search there has read before it was fused
      } else if (auto cond = dyn_cast<CondOp>(op)) {
        IRRewriter rewriter(&op);
        CondOp::withoutUnused(cond, rewriter);
      }
  }
};

} // namespace
} // namespace kerf::compiler::vq
