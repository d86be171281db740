// Fused ops of some families => the plain ops that they stand for.
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
    SmallVector<Fused> fused;
    getOperation().walk([&](Fused op) {
      StringRef family = op->getName().stripDialect().split('_').first; // vq_sampled is of vq
      if (families.empty() || llvm::is_contained(families, family))
        fused.push_back(op);
    });
    for (Fused op : fused) {
      OpBuilder builder(op);
      op->replaceAllUsesWith(op.decompose(builder));
      op->erase();
    }
  }
};

} // namespace
} // namespace kerf::compiler
