// softmax(score(q k^T)) v => kerf.attention.
#include "compiler/all_families.h"
#include "compiler/families/attention/attention.h"
#include "compiler/families/attention/passes.h"

#include "compiler/ops/div.h"
#include "compiler/ops/mul.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;

namespace kerf::compiler::attention {
#define GEN_PASS_DEF_FUSEATTENTION
#include "compiler/families/attention/passes.h.inc"

namespace {

struct FuseAttention : impl::FuseAttentionBase<FuseAttention> {
  using FuseAttentionBase::FuseAttentionBase;

  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      function.walk([](Block *block) { eraseDead(*block); });
      SmallVector<ContractOp> roots;
      function.walk([&](ContractOp root) { roots.push_back(root); });
      for (ContractOp root : roots)
        visit(function, root);
      function.walk([](Block *block) { eraseDead(*block); });
    }
  }

private:
  void visit(func::FuncOp function, ContractOp root) {
    std::optional<Misfit> misfit;
    for (unsigned side : {0, 1}) {
      const Attempt attempt = tryAt(root, side);
      if (attempt.formed)
        return note(function, root, {});
      // Its weights may be divided behind it.
      for (Operation *division :
           attempt.lacksSums ? divisionsOf(root) : SmallVector<Operation *>()) {
        const Attempt behind = tryAt(division, side);
        if (behind.formed)
          return note(function, division, {});
        if (behind.misfit)
          return note(function, division, behind.misfit);
      }
      if (!misfit)
        misfit = attempt.misfit;
    }
    if (misfit)
      note(function, root, misfit);
  }

  struct Attempt {
    bool formed = false, lacksSums = false;
    std::optional<Misfit> misfit; ///< of a candidate
  };

  /// Tries again with axes cut as reshapes on the way need it.
  static Attempt tryAt(Operation *root, unsigned side) {
    Axes axes;
    for (int64_t extent : typeOf(root->getResult(0)).getShape())
      axes.push_back({extent});
    constexpr int most = 8; // each cuts an axis
    for (int i = 0;; ++i) {
      Attention attention(root, side, axes);
      OpBuilder b(root);
      if (attention.match() && attention.rewrite(b))
        return {true, false, {}};
      auto cut = attention.axesWithCut();
      if (cut && i < most) {
        axes = *cut;
        continue;
      }
      Attempt attempt{false, attention.lacksSums(), {}};
      if (attention.isCandidate() && !attention.misfit().reason.empty())
        attempt.misfit = attention.misfit();
      return attempt;
    }
  }

  /// The divisions and products that the result of a contraction goes into as it is.
  static SmallVector<Operation *> divisionsOf(ContractOp root) {
    SmallVector<Operation *> found;
    SmallVector<Value> open{root.getY()};
    while (!open.empty())
      for (Operation *user : open.pop_back_val().getUsers())
        if (isa<DivOp, MulOp>(user))
          found.push_back(user);
        else if (isView(user) || (user->getNumResults() == 1 && castedFloat(user->getResult(0))))
          open.push_back(user->getResult(0));
    return found;
  }

  void note(func::FuncOp function, Operation *root, const std::optional<Misfit> &misfit) {
    record(getOperation(), {family.name.str(), function.getName().str(), root->getLoc(), misfit},
           explain);
  }

  static void eraseDead(Block &block) {
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
      if (isOpTriviallyDead(&op))
        op.erase();
  }
};

} // namespace
} // namespace kerf::compiler::attention
