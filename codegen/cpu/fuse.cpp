#include "cpu/steps.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using linalg::GenericOp;

namespace kerf::cpu {

// Into linalg.generic

/// Every named linalg op but fills, which move into their consumers as scalars.
static LogicalResult generalize(func::FuncOp function) {
  IRRewriter rewriter(function.getContext());
  SmallVector<Operation *> ops;
  function.walk([&](Operation *op) { ops.push_back(op); });
  for (Operation *op : ops) {
    auto named = dyn_cast<linalg::LinalgOp>(op);
    if (!named || isa<GenericOp, linalg::FillOp>(op))
      continue;
    rewriter.setInsertionPoint(op);
    if (failed(linalg::generalizeNamedOp(rewriter, named)))
      return op->emitError("this linalg op has no plain form");
  }
  return success();
}

// What to fuse

/// Iterations of all loops.
static int64_t domain(GenericOp op) {
  int64_t size = 1;
  for (int64_t extent : op.getStaticLoopRanges())
    size *= extent;
  return size;
}

/// Is computing this again cheaper than writing it down and reading it back? A few operations that
/// are one instruction each, on no more than two tensors.
static bool isCheap(GenericOp op) {
  int64_t tensors = 0, operations = 0;
  for (Value input : op.getDpsInputs())
    tensors += isa<RankedTensorType>(input.getType()) &&
               cast<RankedTensorType>(input.getType()).getNumElements() > 1;
  for (Operation &inner : op.getBody()->without_terminator()) {
    if (isa<arith::DivFOp, arith::RemFOp, arith::DivSIOp, arith::RemSIOp>(inner) ||
        isa<math::MathDialect>(inner.getDialect()))
      return false;
    operations += !isa<arith::ConstantOp, linalg::IndexOp>(inner);
  }
  return tensors <= 2 && operations <= 4;
}

/// Beyond so many operations in one loop nothing is gained: values have left the registers, and
/// what every merge copies would make a chain of n ops cost n^2.
constexpr size_t longestBody = 96;

/// Is the body of both in one loop short enough?
static bool fitsOneLoop(GenericOp a, GenericOp b) {
  return a.getBody()->getOperations().size() + b.getBody()->getOperations().size() <= longestBody;
}

static bool readsOnlyBy(GenericOp producer, Operation *consumer) {
  return llvm::all_of(producer->getUsers(), [&](Operation *user) { return user == consumer; });
}

/// A producer moves into its only consumer unless that would repeat costly work; a cheap one moves
/// into all of them if it then need not exist. None moves into a loop, which would repeat it.
static bool isWorthMoving(OpOperand *operand) {
  auto producer = operand->get().getDefiningOp<GenericOp>();
  auto consumer = cast<GenericOp>(operand->getOwner());
  if (!producer || producer->getBlock() != consumer->getBlock() ||
      consumer.getNumDpsInputs() + producer.getNumDpsInputs() > 14 ||
      !fitsOneLoop(producer, consumer))
    return false;
  if (isCheap(producer))
    return llvm::all_of(producer->getUsers(), [&](Operation *user) {
      return isa<GenericOp>(user) && user->getBlock() == producer->getBlock();
    });
  return readsOnlyBy(producer, consumer) && domain(consumer) <= domain(producer);
}

/// Constants, fills and producers into their consumers, until nothing moves.
static LogicalResult moveProducers(func::FuncOp function) {
  MLIRContext *context = function.getContext();
  RewritePatternSet patterns(context);
  linalg::populateElementwiseOpsFusionPatterns(patterns, isWorthMoving);
  GenericOp::getCanonicalizationPatterns(patterns, context);
  tensor::EmptyOp::getCanonicalizationPatterns(patterns, context);
  GreedyRewriteConfig untilNothingMoves;
  untilNothingMoves.setMaxIterations(GreedyRewriteConfig::kNoLimit);
  return applyPatternsGreedily(function, std::move(patterns), untilNothingMoves);
}

// One loop, several results

static bool isElementwise(GenericOp op) {
  return op.getNumParallelLoops() == op.getNumLoops() &&
         llvm::all_of(op.getDpsInitsMutable(),
                      [&](OpOperand &out) { return op.getMatchingIndexingMap(&out).isIdentity(); });
}

/// The producer's loop can become the consumer's, and its results be written there: the consumer
/// reads them where it is, and everybody else later.
static bool canShareLoop(OpOperand &operand) {
  auto producer = operand.get().getDefiningOp<GenericOp>();
  auto consumer = cast<GenericOp>(operand.getOwner());
  if (!producer || producer->getBlock() != consumer->getBlock() || !isElementwise(producer) ||
      !isElementwise(consumer) || !consumer.getMatchingIndexingMap(&operand).isIdentity() ||
      producer.getStaticLoopRanges() != consumer.getStaticLoopRanges())
    return false;
  if (producer->getNumOperands() + consumer->getNumOperands() > 20 ||
      !fitsOneLoop(producer, consumer))
    return false;
  return llvm::all_of(producer->getUsers(), [&](Operation *user) {
    Operation *here = consumer->getBlock()->findAncestorOpInBlock(*user); // it may be in a loop
    return user == consumer || (here && consumer->isBeforeInBlock(here));
  });
}

/// Joins one pair of loops that starts at `consumer`; null if there is none.
static Operation *shareLoop(GenericOp consumer, RewriterBase &rewriter) {
  for (OpOperand &operand : consumer->getOpOperands()) {
    if (!consumer.isDpsInput(&operand) || !canShareLoop(operand))
      continue;
    Operation *producer = operand.get().getDefiningOp();
    rewriter.setInsertionPoint(consumer);
    auto fused = linalg::fuseElementwiseOps(rewriter, &operand);
    if (failed(fused))
      continue;
    for (auto [from, to] : fused->replacements)
      rewriter.replaceAllUsesExcept(from, to, fused->fusedOp);
    rewriter.eraseOp(consumer);
    if (producer->use_empty())
      rewriter.eraseOp(producer);
    return fused->fusedOp;
  }
  return nullptr;
}

static void shareLoops(func::FuncOp function) {
  IRRewriter rewriter(function.getContext());
  SmallVector<GenericOp> consumers;
  function.walk([&](GenericOp op) { consumers.push_back(op); });
  for (GenericOp consumer : consumers)
    for (Operation *op = consumer; op;)
      op = shareLoop(cast<GenericOp>(op), rewriter);
}

LogicalResult fuse(ModuleOp module) {
  auto simplify = [&] {
    PassManager pm(module.getContext());
    pm.addPass(createCanonicalizerPass());
    pm.addPass(createCSEPass());
    return pm.run(module);
  };
  for (auto function : module.getOps<func::FuncOp>())
    if (failed(generalize(function)))
      return failure();
  if (failed(simplify()))
    return failure();
  for (auto function : module.getOps<func::FuncOp>()) {
    if (failed(moveProducers(function)))
      return failure();
    shareLoops(function);
  }
  return simplify();
}

} // namespace kerf::cpu
