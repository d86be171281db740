// Formulas of logarithms and exponentials that cancel => the functions that do not.
#include "compiler/pipeline.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

#include "compiler/ops/add.h"
#include "compiler/ops/broadcast.h"
#include "compiler/ops/div.h"
#include "compiler/ops/exp.h"
#include "compiler/ops/log.h"
#include "compiler/ops/log1p.h"
#include "compiler/ops/neg.h"
#include "compiler/ops/sigmoid.h"
#include "compiler/ops/sub.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {
#define GEN_PASS_DEF_RAISEFUNCTIONS
#include "compiler/passes.h.inc"

namespace {

bool isOne(Value x) {
  Attribute value;
  if (auto broadcast = x.getDefiningOp<BroadcastOp>())
    x = broadcast.getX();
  return matchPattern(x, m_Constant(&value)) && isSplat(value, 1);
}

/// x of 1 + x or x + 1.
Value besideOne(Value sum) {
  auto add = sum.getDefiningOp<AddOp>();
  if (!add)
    return {};
  return isOne(add.getA()) ? add.getB() : isOne(add.getB()) ? add.getA() : Value();
}

Value raised(OpBuilder &builder, Operation *op, StringRef name, Value x) {
  return Val(builder, op->getLoc(), x).op(name, x, op->getResult(0).getType());
}

/// log(sigmoid(x)) => -softplus(-x);  log(1 + x) => log1p(x)
struct LogOfSum : OpRewritePattern<LogOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(LogOp op, PatternRewriter &rewriter) const override {
    if (auto sigmoid = op.getX().getDefiningOp<SigmoidOp>()) {
      Value minus = raised(rewriter, op, "neg", sigmoid.getX());
      rewriter.replaceOp(op, raised(rewriter, op, "neg", raised(rewriter, op, "softplus", minus)));
      return success();
    }
    Value x = besideOne(op.getX());
    if (!x)
      return rewriter.notifyMatchFailure(op, "neither of a sigmoid nor of 1 + x");
    StringRef name = "log1p";
    if (auto exp = x.getDefiningOp<ExpOp>()) { // log(1 + e^x) => softplus(x)
      name = "softplus";
      x = exp.getX();
    }
    rewriter.replaceOp(op, raised(rewriter, op, name, x));
    return success();
  }
};

/// log1p(e^x) => softplus(x)
struct Log1pOfExp : OpRewritePattern<Log1pOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(Log1pOp op, PatternRewriter &rewriter) const override {
    auto exp = op.getX().getDefiningOp<ExpOp>();
    if (!exp)
      return rewriter.notifyMatchFailure(op, "not of an exponential");
    rewriter.replaceOp(op, raised(rewriter, op, "softplus", exp.getX()));
    return success();
  }
};

/// e^x - 1 => expm1(x);  1 - sigmoid(x) => sigmoid(-x)
struct DifferenceFromOne : OpRewritePattern<SubOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(SubOp op, PatternRewriter &rewriter) const override {
    auto exp = op.getA().getDefiningOp<ExpOp>();
    if (exp && isOne(op.getB())) {
      rewriter.replaceOp(op, raised(rewriter, op, "expm1", exp.getX()));
      return success();
    }
    auto sigmoid = op.getB().getDefiningOp<SigmoidOp>();
    if (!sigmoid || !isOne(op.getA()))
      return rewriter.notifyMatchFailure(op, "neither e^x - 1 nor 1 - sigmoid(x)");
    Value minus = raised(rewriter, op, "neg", sigmoid.getX());
    rewriter.replaceOp(op, raised(rewriter, op, "sigmoid", minus));
    return success();
  }
};

/// 1 / (1 + e^-x) => sigmoid(x)
struct ReciprocalOfSum : OpRewritePattern<DivOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(DivOp op, PatternRewriter &rewriter) const override {
    Value tail = isOne(op.getA()) ? besideOne(op.getB()) : Value();
    auto exp = tail ? tail.getDefiningOp<ExpOp>() : ExpOp();
    auto minus = exp ? exp.getX().getDefiningOp<NegOp>() : NegOp();
    if (!minus)
      return rewriter.notifyMatchFailure(op, "not 1 / (1 + e^-x)");
    rewriter.replaceOp(op, raised(rewriter, op, "sigmoid", minus.getX()));
    return success();
  }
};

struct RaiseFunctions : impl::RaiseFunctionsBase<RaiseFunctions> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<LogOfSum, Log1pOfExp, DifferenceFromOne, ReciprocalOfSum>(&getContext());
    walkAndApplyPatterns(getOperation(),
                         std::move(patterns)); // no fold: gradients are not taken yet
  }
};

} // namespace
} // namespace kerf::compiler
