// A projection of gathered rows => rows gathered from the projected table; and its gradients, of
// rows that are added before they are projected.
#include "compiler/match/scaled_view.h"
#include "compiler/pipeline.h"
#include "compiler/sum_order.h"

#include "compiler/ops/contract.h"
#include "compiler/ops/gather.h"
#include "compiler/ops/scatter_add.h"
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

/// What is added for each product that is saved is worth it from so many products on.
constexpr int64_t manyProducts = 16;

/// `x`, a row for each of the table, but 0 in rows that no index names: nothing is added to them,
/// whatever they are multiplied with.
Val namedRowsOf(Val x, Value indices) {
  Val one = Val(*x.builder, x.location, indices).constant(1);
  const int64_t rows = x.shape()[0];
  Val count =
      one.op("scatter_add", {one, indices}, one.type().clone({rows}), one.i64("rows", rows));
  Val isNamed = compare("gt", count, count.constant(0));
  return select(broadcast(isNamed, x.shape(), {0}), x, x.constant(0));
}

/// scatter_add(contract(g, w), i)  =>  contract(scatter_add(g, i), w)
struct SumsOfProjection : OpRewritePattern<ScatterAddOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ScatterAddOp op, PatternRewriter &rewriter) const override {
    auto product = op.getUpdates().getDefiningOp<ContractOp>();
    if (!product || !product->hasOneUse())
      return rewriter.notifyMatchFailure(op, "the rows are no product, or one that is needed");
    const int64_t rank = typeOf(op.getIndices()).getRank(), rows = op.getRows();
    if (!product.getABatch().empty())
      return rewriter.notifyMatchFailure(op, "a batch of rows has a factor of its own");
    auto isRow = [&](int64_t axis) { return axis < rank; };
    if (typeOf(product.getA()).getRank() < rank || llvm::any_of(product.getAContract(), isRow))
      return rewriter.notifyMatchFailure(op, "the rows are not those of the left operand");
    if (!hasFewRows(rows, sizeOf(op.getIndices())))
      return rewriter.notifyMatchFailure(op, "the table has too many rows");
    if (sizeOf(op.getY()) < manyProducts * rows)
      return rewriter.notifyMatchFailure(op, "a row has few elements");

    auto [g, w] = vals(rewriter, op.getLoc(), product.getA(), product.getB());
    SmallVector<int64_t> shape = {rows}, contracted;
    llvm::append_range(shape, g.shape().drop_front(rank));
    for (int64_t axis : product.getAContract())
      contracted.push_back(axis - rank + 1);
    const Val sums =
        g.op("scatter_add", {g, op.getIndices()}, g.type().clone(shape), g.i64("rows", rows));
    const Val y = contract(sums, w, {}, {}, contracted, product.getBContract());
    rewriter.replaceOp(op, namedRowsOf(y, op.getIndices()).value);
    return success();
  }
};

/// contract(g, gather(e, i)) over the rows  =>  contract(scatter_add(g, i), e), where the sums are
/// there
struct ProductOfGathered : OpRewritePattern<ContractOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ContractOp op, PatternRewriter &rewriter) const override {
    for (const bool gathersLeft : {false, true}) {
      auto gather = (gathersLeft ? op.getA() : op.getB()).getDefiningOp<GatherOp>();
      if (!gather || !isOverRows(op, gather))
        continue;
      Value g = gathersLeft ? op.getB() : op.getA();
      ScatterAddOp sums = sumsOf(g, gather, op);
      if (!sums)
        continue;
      if (!sums->isBeforeInBlock(op))
        rewriter.moveOpBefore(sums, op);
      const Val s(rewriter, op.getLoc(), sums.getY());
      const Val e = namedRowsOf(Val(rewriter, op.getLoc(), gather.getTable()), gather.getIndices());
      const Val y = contract(gathersLeft ? e : s, gathersLeft ? s : e, {}, {}, {0}, {0});
      rewriter.replaceOp(op, y.value);
      return success();
    }
    return rewriter.notifyMatchFailure(op, "no sums of rows by the index of a gather are there");
  }

private:
  /// Does it sum over all that was gathered, row by row?
  static bool isOverRows(ContractOp op, GatherOp gather) {
    const auto rows = llvm::seq<int64_t>(0, typeOf(gather.getIndices()).getRank());
    return op.getABatch().empty() && llvm::equal(op.getAContract(), rows) &&
           llvm::equal(op.getBContract(), rows);
  }
  static ScatterAddOp sumsOf(Value g, GatherOp gather, Operation *op) {
    for (Operation *user : g.getUsers())
      if (auto sums = dyn_cast<ScatterAddOp>(user);
          sums && sums.getUpdates() == g && sums.getIndices() == gather.getIndices() &&
          int64_t(sums.getRows()) == typeOf(gather.getTable()).getDimSize(0) &&
          sums->getBlock() == op->getBlock())
        return sums;
    return {};
  }
};

struct ProjectGathered : impl::ProjectGatheredBase<ProjectGathered> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext()), behind(&getContext());
    patterns.add<ProjectionOfGather, SumsOfProjection>(&getContext());
    behind.add<ProductOfGathered>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))) ||
        failed(applyPatternsGreedily(getOperation(), std::move(behind))))
      signalPassFailure();
  }
};

} // namespace
} // namespace kerf::compiler
