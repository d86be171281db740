// A projection of gathered rows => rows gathered from the projected table.
#include "compiler/match/scaled_view.h"
#include "compiler/pipeline.h"

#include "compiler/ops/contract.h"
#include "compiler/ops/gather.h"
#include "compiler/val.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;

namespace kerf::compiler {
#define GEN_PASS_DEF_PROJECTGATHERED
#include "compiler/passes.h.inc"

namespace {

/// contract(gather(e, i), w)  =>  gather(contract(e, w), i)
struct ProjectionOfGather : OpRewritePattern<ContractOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ContractOp op, PatternRewriter &rewriter) const override {
    auto gather = op.getA().getDefiningOp<GatherOp>();
    if (!gather)
      return rewriter.notifyMatchFailure(op, "the left operand is no gather");
    const int64_t rank = typeOf(gather.getIndices()).getRank();
    if (!op.getABatch().empty())
      return rewriter.notifyMatchFailure(op, "a batch of rows has a factor of its own");
    if (llvm::any_of(op.getAContract(), [&](int64_t axis) { return axis < rank; }))
      return rewriter.notifyMatchFailure(op, "it sums over the gathered rows");
    if (sizeOf(gather.getIndices()) <= typeOf(gather.getTable()).getDimSize(0))
      return rewriter.notifyMatchFailure(op, "the table has no fewer rows than are gathered");

    SmallVector<int64_t> contracted;
    for (int64_t axis : op.getAContract())
      contracted.push_back(axis - rank + 1);
    auto [e, w] = vals(rewriter, op.getLoc(), gather.getTable(), op.getB());
    const Val projected = contract(e, w, {}, {}, contracted, op.getBContract());
    const Val y = projected.op("gather", {projected, gather.getIndices()}, op.getY().getType());
    rewriter.replaceOp(op, y.value);
    return success();
  }
};

struct ProjectGathered : impl::ProjectGatheredBase<ProjectGathered> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<ProjectionOfGather>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
} // namespace kerf::compiler
