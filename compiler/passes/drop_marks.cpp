// Ops that only derivatives heed become their values, when no derivative is left to take.
#include "compiler/match/scaled_view.h"
#include "compiler/pipeline.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include "compiler/ops/add.h"
#include "compiler/ops/contract.h"
#include "compiler/ops/straight_through.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {
#define GEN_PASS_DEF_DROPMARKS
#include "compiler/passes.h.inc"

namespace {

/// Is x straight_through(z, 0): there for its gradient alone?
static bool isNothing(Value x) {
  auto marked = x.getDefiningOp<StraightThroughOp>();
  return marked && splatNumber(marked.getQ()) == 0.0;
}

struct DropMarks : impl::DropMarksBase<DropMarks> {
  using DropMarksBase::DropMarksBase;

  void runOnOperation() override {
    SmallVector<ContractOp> empty;
    getOperation().walk([&](ContractOp op) {
      if (isNothing(op.getA()) || isNothing(op.getB()))
        empty.push_back(op);
    });
    for (ContractOp op : empty) {
      dropFromSums(op);
      OpBuilder builder(op);
      auto zeros = cast<DenseElementsAttr>(splatOf(op.getType(), 0.0));
      replace(op, arith::ConstantOp::create(builder, op.getLoc(), zeros));
    }
    getOperation().walk([&](Operation *op) {
      if (!op->hasTrait<Mark>())
        return;
      OpBuilder builder(op);
      auto decomposable = dyn_cast<Decomposable>(op);
      replace(op, decomposable ? decomposable.decompose(builder)[0]
                               : cast<Lowerable>(op).lower(builder)[0]);
    });
  }

  /// a + nothing => a, though -0 + 0 is 0: nothing was ever added.
  static void dropFromSums(ContractOp nothing) {
    for (Operation *user : llvm::to_vector(nothing->getUsers()))
      if (auto sum = dyn_cast<AddOp>(user); sum && sum.getA() != sum.getB())
        replace(sum, sum.getA() == nothing.getY() ? sum.getB() : sum.getA());
  }

  static void replace(Operation *op, Value value) {
    op->getResult(0).replaceAllUsesWith(value);
    op->erase();
  }
};

} // namespace
} // namespace kerf::compiler
