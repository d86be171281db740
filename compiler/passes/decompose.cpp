// Ops that plain ones can stand for, of all or some families => those.
#include "compiler/pipeline.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include "compiler/dialect.h"

using namespace mlir;

namespace kerf::compiler {
#define GEN_PASS_DEF_DECOMPOSE
#include "compiler/passes.h.inc"

namespace {

struct Decompose : impl::DecomposeBase<Decompose> {
  using DecomposeBase::DecomposeBase;

  void runOnOperation() override {
    SmallVector<Decomposable> ops;
    getOperation().walk([&](Decomposable op) {
      auto fused = dyn_cast<Fused>(op.getOperation());
      if (families.empty() || (fused && llvm::is_contained(families, fused.family())))
        ops.push_back(op);
    });
    for (Decomposable op : ops) {
      OpBuilder builder(op);
      op->replaceAllUsesWith(op.decompose(builder));
      op->erase();
    }
  }
};

} // namespace
} // namespace kerf::compiler
