#include "codegen/backend.h"
#include "codegen/schedule/steps.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using linalg::GenericOp;

namespace kerf::codegen {

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

/// Constants and fills into the loops that read them.
static LogicalResult foldScalars(ModuleOp module) {
  RewritePatternSet patterns(module.getContext());
  linalg::populateElementwiseOpsFusionPatterns(patterns, [](OpOperand *) { return false; });
  GenericOp::getCanonicalizationPatterns(patterns, module.getContext());
  tensor::EmptyOp::getCanonicalizationPatterns(patterns, module.getContext());
  GreedyRewriteConfig untilNothingFolds;
  untilNothingFolds.setMaxIterations(GreedyRewriteConfig::kNoLimit);
  return applyPatternsGreedily(module, std::move(patterns), untilNothingFolds);
}

// What to fuse

/// Iterations of all loops.
static int64_t domain(GenericOp op) {
  int64_t size = 1;
  for (int64_t extent : op.getStaticLoopRanges())
    size *= extent;
  return size;
}

static int64_t elements(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type ? type.getNumElements() : 0;
}

/// Instructions, roughly.
static int64_t workOf(Operation &op) {
  const bool isCostly = isa<arith::DivFOp, arith::RemFOp, arith::DivSIOp, arith::RemSIOp>(op) ||
                        isa<math::MathDialect>(op.getDialect());
  return isCostly ? 16 : !isa<arith::ConstantOp, linalg::IndexOp>(op);
}

/// Instructions of the body of `op`, roughly, in the loops of `around`, `place` being where its own
/// loops stand then. Each runs in the loops that it depends on and those around them: once for
/// `atOnce` elements in the innermost one, for every element in others.
static int64_t work(GenericOp op, GenericOp around, AffineMap place, int64_t atOnce) {
  SmallVector<int64_t> extents = around.getStaticLoopRanges();
  SmallVector<unsigned> order;
  around.getParallelDims(order);
  around.getReductionDims(order);
  auto runs = [&](AffineMap index) {
    int64_t all = 1, sum = 1;
    for (unsigned dim : order) {
      all *= extents[dim];
      if (index.isFunctionOfDim(dim))
        sum = all;
    }
    return std::min(sum == all ? all : sum * atOnce, all);
  };
  DenseMap<Value, int64_t> known;
  for (OpOperand *input : op.getDpsInputOperands())
    known[op.getMatchingBlockArgument(input)] =
        runs(op.getMatchingIndexingMap(input).compose(place));
  int64_t sum = 0;
  for (Operation &inner : op.getBody()->without_terminator()) {
    int64_t most = std::min(atOnce, domain(around));
    if (auto index = dyn_cast<linalg::IndexOp>(inner))
      most = runs(place.getSubMap(unsigned(index.getDim())));
    for (Value operand : inner.getOperands())
      most = std::max(most, known.lookup(operand));
    for (Value result : inner.getResults())
      known[result] = most;
    sum += workOf(inner) * most;
  }
  return sum;
}

/// In its own loops.
static int64_t work(GenericOp op, int64_t atOnce) {
  auto place = AffineMap::getMultiDimIdentityMap(op.getNumLoops(), op.getContext());
  return work(op, op, place, atOnce);
}

/// A loop holds so many operations at most, so many of them one behind the other: beyond that
/// values have left the registers, and a core has no room for the next iterations, which it would
/// work on while this one waits. Of 64 Ki floats, 400 operations that each need the one before take
/// 0.44, 0.64, 0.90 and 1.24 ms in loops of 24, 48, 96 and all of them; with skip connections, of
/// 4 Mi floats, 131, 64 and 78 ms in loops of 24, 48 and 96.
constexpr int64_t longestBody = 96, longestPath = 48;

// Two loops as one

namespace {

/// A producer's loop as a part of a consumer's, which reads it.
class Merge {
public:
  /// `operand` is what the consumer reads of the producer; whatever else it reads of it at the same
  /// place is there as well.
  explicit Merge(OpOperand &operand)
      : producer(operand.get().getDefiningOp<GenericOp>()),
        consumer(cast<GenericOp>(operand.getOwner())), place(placeOf(operand)) {
    for (OpOperand *input : consumer.getDpsInputOperands())
      if (!isMerged(*input))
        addInput(*input, consumer.getMatchingIndexingMap(input));
    for (OpOperand *input : producer.getDpsInputOperands())
      addInput(*input, mapOf(*input));
    for (OpResult result : producer->getResults())
      if (llvm::any_of(result.getUses(), [&](OpOperand &use) { return !isMerged(use); }))
        kept.push_back(result);
  }

  int64_t numInputs() const { return inputs.size(); }
  bool isShort() { return numOperations() <= longestBody && longestChain() <= longestPath; }
  /// What the consumer reads for the producer's sake, in elements.
  int64_t elementsRead() {
    int64_t sum = 0;
    for (auto [value, map] : inputs)
      if (!llvm::is_contained(consumer.getInputs(), value))
        sum += elements(value);
    return sum;
  }
  int64_t numResults() { return consumer.getNumResults() + kept.size(); }
  int64_t numOperations() {
    return producer.getBody()->getOperations().size() + consumer.getBody()->getOperations().size();
  }
  /// So many operations of the new loop wait for one another.
  int64_t longestChain() {
    DenseMap<Value, int64_t> depths;
    int64_t longest = 0;
    auto follow = [&](GenericOp op) {
      for (Operation &inner : *op.getBody()) {
        int64_t depth = 0;
        for (Value operand : inner.getOperands())
          depth = std::max(depth, depths.lookup(operand));
        for (Value result : inner.getResults())
          longest = std::max(longest, depths[result] = depth + 1);
      }
    };
    follow(producer);
    auto made = producer.getBody()->getTerminator()->getOperands();
    for (OpOperand *input : consumer.getDpsInputOperands())
      if (isMerged(*input))
        depths[consumer.getMatchingBlockArgument(input)] =
            depths.lookup(made[cast<OpResult>(input->get()).getResultNumber()]);
    follow(consumer);
    return longest;
  }
  /// What the new loop does of the producer.
  int64_t workOfProducer(int64_t atOnce) { return work(producer, consumer, place, atOnce); }
  /// Does nobody else read the producer, nor the consumer at another place?
  bool isAllOfProducer() const { return kept.empty(); }
  /// Does the consumer read the producer here only?
  bool isOnlyPlace() {
    return llvm::all_of(consumer->getOpOperands(), [&](OpOperand &operand) {
      return operand.get().getDefiningOp() != producer || isMerged(operand);
    });
  }

  /// What others read of the producer is a result of the new loop, which they must come after.
  GenericOp make(RewriterBase &rewriter) {
    rewriter.setInsertionPoint(consumer);
    GenericOp fused = makeLoop(rewriter);
    fillBody(fused, rewriter);
    rewriter.replaceOp(consumer, fused->getResults().drop_back(kept.size()));
    for (auto [from, to] : llvm::zip_equal(kept, fused->getResults().take_back(kept.size())))
      rewriter.replaceAllUsesWith(from, to);
    rewriter.eraseOp(producer);
    DominanceInfo dominance(fused);
    eliminateCommonSubExpressions(rewriter, dominance, fused);
    return fused;
  }

  /// As `make`, with a copy of the producer if others read it, too. Returns whether they do.
  bool makeOfCopy(RewriterBase &rewriter) {
    const bool isCopy = !kept.empty();
    if (isCopy) {
      rewriter.setInsertionPoint(consumer);
      Operation *copy = rewriter.clone(*producer);
      for (OpOperand *input : consumer.getDpsInputOperands())
        if (isMerged(*input))
          input->set(copy->getResult(cast<OpResult>(input->get()).getResultNumber()));
      producer = cast<GenericOp>(copy);
      kept.clear();
    }
    make(rewriter);
    return isCopy;
  }

private:
  /// Where the producer's loops stand when the consumer reads this; null if nobody knows.
  static AffineMap placeOf(OpOperand &operand) {
    auto result = cast<OpResult>(operand.get());
    AffineMap written = cast<GenericOp>(result.getOwner()).getIndexingMapMatchingResult(result);
    AffineMap read = cast<GenericOp>(operand.getOwner()).getMatchingIndexingMap(&operand);
    return written.isPermutation() ? inversePermutation(written).compose(read) : AffineMap();
  }

  /// Is this use a value of the new loop's body?
  bool isMerged(OpOperand &use) {
    return use.getOwner() == consumer && consumer.isDpsInput(&use) &&
           use.get().getDefiningOp() == producer && placeOf(use) == place;
  }

  /// How the new loop indexes an operand of the producer's.
  AffineMap mapOf(OpOperand &operand) {
    return producer.getMatchingIndexingMap(&operand).compose(place);
  }

  /// No input stands twice. Returns its number.
  unsigned addInput(OpOperand &operand, AffineMap map) {
    for (auto [i, known] : llvm::enumerate(inputs))
      if (known == std::pair(operand.get(), map))
        return i;
    inputs.emplace_back(operand.get(), map);
    return inputs.size() - 1;
  }

  GenericOp makeLoop(RewriterBase &rewriter) {
    SmallVector<Value> values, outs(consumer.getOutputs());
    SmallVector<Type> types(consumer->getResultTypes());
    SmallVector<AffineMap> maps;
    for (auto [value, map] : inputs) {
      values.push_back(value);
      maps.push_back(map);
    }
    for (OpOperand &out : consumer.getDpsInitsMutable())
      maps.push_back(consumer.getMatchingIndexingMap(&out));
    for (OpResult result : kept) {
      OpOperand *out = producer.getTiedOpOperand(result);
      outs.push_back(out->get());
      types.push_back(result.getType());
      maps.push_back(mapOf(*out));
    }
    return GenericOp::create(rewriter, consumer.getLoc(), types, values, outs, maps,
                             consumer.getIteratorTypesArray());
  }

  /// The producer's body, then the consumer's, which reads values of the first.
  void fillBody(GenericOp fused, RewriterBase &rewriter) {
    SmallVector<Type> types;
    for (Type type : fused->getOperandTypes())
      types.push_back(getElementTypeOrSelf(type));
    Block *body = rewriter.createBlock(&fused.getRegion(), {}, types,
                                       SmallVector<Location>(types.size(), fused.getLoc()));
    for (auto index : llvm::to_vector(producer.getBody()->getOps<linalg::IndexOp>()))
      replaceIndex(index, rewriter);
    SmallVector<Value> arguments;
    for (OpOperand *input : producer.getDpsInputOperands())
      arguments.push_back(body->getArgument(addInput(*input, mapOf(*input))));
    producer.getBody()->eraseArguments(arguments.size(), producer.getNumDpsInits());
    SmallVector<Value> made = moveBody(producer, arguments, body, rewriter);
    arguments.clear();
    for (OpOperand *input : consumer.getDpsInputOperands())
      arguments.push_back(isMerged(*input) ? made[cast<OpResult>(input->get()).getResultNumber()]
                                           : body->getArgument(addInput(
                                                 *input, consumer.getMatchingIndexingMap(input))));
    llvm::append_range(arguments,
                       body->getArguments().slice(inputs.size(), consumer.getNumDpsInits()));
    SmallVector<Value> yielded = moveBody(consumer, arguments, body, rewriter);
    for (OpResult result : kept)
      yielded.push_back(made[result.getResultNumber()]);
    rewriter.setInsertionPointToEnd(body);
    linalg::YieldOp::create(rewriter, consumer.getLoc(), yielded);
  }

  void replaceIndex(linalg::IndexOp index, RewriterBase &rewriter) {
    AffineExpr at = place.getResult(index.getDim());
    rewriter.setInsertionPoint(index);
    if (auto dim = dyn_cast<AffineDimExpr>(at))
      rewriter.replaceOpWithNewOp<linalg::IndexOp>(index, dim.getPosition());
    else
      rewriter.replaceOpWithNewOp<arith::ConstantIndexOp>(index,
                                                          cast<AffineConstantExpr>(at).getValue());
  }

  /// Returns what `from` yields.
  static SmallVector<Value> moveBody(GenericOp from, ValueRange arguments, Block *to,
                                     RewriterBase &rewriter) {
    rewriter.mergeBlocks(from.getBody(), to, arguments);
    Operation *end = to->getTerminator();
    SmallVector<Value> yielded(end->getOperands());
    rewriter.eraseOp(end);
    return yielded;
  }

  GenericOp producer, consumer;
  AffineMap place;
  SmallVector<std::pair<Value, AffineMap>> inputs;
  SmallVector<OpResult> kept;
};

} // namespace

/// Can the producer's loop be a part of the consumer's, whatever both hold?
static bool canBeOneLoop(OpOperand &operand) {
  auto producer = operand.get().getDefiningOp<GenericOp>();
  auto consumer = dyn_cast<GenericOp>(operand.getOwner());
  return producer && consumer && producer->getBlock() == consumer->getBlock() &&
         consumer.isDpsInput(&operand) && linalg::areElementwiseOpsFusable(&operand) &&
         llvm::none_of(producer.getDpsInitsMutable(),
                       [&](OpOperand &out) { return producer.payloadUsesValueFromOperand(&out); });
}

// Producers into consumers

/// None moves into an op that has loops inside, which would repeat it.
static bool canMove(OpOperand &operand) {
  if (!canBeOneLoop(operand))
    return false;
  Merge merge(operand);
  return merge.numInputs() <= 14 && merge.isShort();
}

/// Is computing this in its consumers cheaper than writing it down and reading it back?
static bool isWorthMoving(GenericOp producer, int64_t atOnce) {
  constexpr int64_t workPerElement = 4; // of its way to memory, or back
  constexpr int64_t workPerLoop = 512;  // of a call
  const int64_t size = domain(producer);
  int64_t moved = 2 * size; // a line is read before it is written
  int64_t repeated = -work(producer, atOnce);
  for (Value input : producer.getInputs())
    moved += elements(input);
  for (OpOperand &use : producer->getUses()) {
    Merge merge(use);
    moved += size - merge.elementsRead();
    repeated += merge.workOfProducer(atOnce);
  }
  return repeated <= moved * workPerElement + workPerLoop;
}

/// Asks with the sizes at hand, or a companion's entry.
using Choose = llvm::function_ref<bool(llvm::function_ref<bool()>)>;

/// What is read by one consumer only, at one place.
static void moveSingles(Block &block, RewriterBase &rewriter, int64_t atOnce, Choose choose) {
  for (Operation *op = &block.back(); op;) {
    auto producer = dyn_cast<GenericOp>(op);
    op = op->getPrevNode(); // consumers first: what they have become one with is known then
    if (!producer || producer->use_empty() || !canMove(*producer->use_begin()))
      continue;
    Merge merge(*producer->use_begin());
    if (merge.isAllOfProducer() && choose([&] { return isWorthMoving(producer, atOnce); }))
      merge.make(rewriter);
  }
}

/// What is read by several, if it then need not exist. Producers first: what has moved into one is
/// a part of what is repeated.
static void repeatProducers(Block &block, RewriterBase &rewriter, int64_t atOnce, Choose choose) {
  constexpr int64_t mostRepeated = 12; // or chains of what is read twice would grow as 2^n
  for (Operation *op = &block.front(); op;) {
    Operation *before = op->getPrevNode();
    auto producer = dyn_cast<GenericOp>(op);
    if (!producer || producer->use_empty() || !llvm::all_of(producer->getUses(), canMove) ||
        !choose([&] {
          return work(producer, atOnce) <= mostRepeated * domain(producer) &&
                 isWorthMoving(producer, atOnce);
        })) {
      op = op->getNextNode();
      continue;
    }
    for (bool isThere = true; isThere;)
      isThere = Merge(*producer->use_begin()).makeOfCopy(rewriter);
    op = before ? before->getNextNode() : &block.front();
  }
}

// One loop, several results

static bool isElementwise(GenericOp op) {
  return op.getNumParallelLoops() == op.getNumLoops() &&
         llvm::all_of(op.getDpsInitsMutable(),
                      [&](OpOperand &out) { return op.getMatchingIndexingMap(&out).isIdentity(); });
}

using Positions = DenseMap<Operation *, unsigned>; ///< in a block

/// The producer's loop can become the consumer's, and its results be written there: the consumer
/// reads them where it is, and everybody else later.
static bool canShareLoop(OpOperand &operand, const Positions &positions) {
  if (!canBeOneLoop(operand))
    return false;
  auto producer = operand.get().getDefiningOp<GenericOp>();
  auto consumer = cast<GenericOp>(operand.getOwner());
  if (!isElementwise(producer) || !isElementwise(consumer) ||
      !consumer.getMatchingIndexingMap(&operand).isIdentity() ||
      producer.getStaticLoopRanges() != consumer.getStaticLoopRanges())
    return false;
  Merge merge(operand);
  if (!merge.isOnlyPlace() || merge.numInputs() + merge.numResults() > 20 || !merge.isShort())
    return false;
  return llvm::all_of(producer->getUsers(), [&](Operation *user) {
    Operation *here = consumer->getBlock()->findAncestorOpInBlock(*user); // it may be in a loop
    return user == consumer || positions.at(here) > positions.at(consumer);
  });
}

/// What `consumer` reads of a loop that can be its own; null if there is none.
static OpOperand *findShared(Operation *consumer, const Positions &positions) {
  for (OpOperand &operand : consumer->getOpOperands())
    if (canShareLoop(operand, positions))
      return &operand;
  return nullptr;
}

static void shareLoops(Block &block, RewriterBase &rewriter) {
  Positions positions;
  for (auto [position, op] : llvm::enumerate(block))
    positions[&op] = position;
  for (Operation *op = &block.front(); op; op = op->getNextNode())
    while (OpOperand *operand = findShared(op, positions)) {
      const unsigned position = positions.at(op);
      op = Merge(*operand).make(rewriter);
      positions[op] = position;
    }
}

/// Bounds of loops that had to stay: nothing more is shared now.
static void showBounds(ModuleOp module) {
  module.walk([](UnrealizedConversionCastOp bound) {
    OpBuilder b(bound);
    bound.getResult(0).replaceAllUsesWith(
        arith::IndexCastOp::create(b, bound.getLoc(), b.getIndexType(), bound.getOperand(0)));
    bound.erase();
  });
}

static func::FuncOp functionOf(Block &block) {
  auto function = dyn_cast<func::FuncOp>(block.getParentOp());
  return function ? function : block.getParentOp()->getParentOfType<func::FuncOp>();
}

LogicalResult fuse(ModuleOp module, const Backend &backend, SizeChoices &choices) {
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
  if (failed(foldScalars(module)))
    return failure();
  llvm::SetVector<Block *> blocks;
  module.walk([&](GenericOp op) { blocks.insert(op->getBlock()); });
  IRRewriter rewriter(module.getContext());
  for (Block *block : blocks) {
    const StringRef function = functionOf(*block).getName();
    const auto choose = [&](llvm::function_ref<bool()> ask) { return choices.next(function, ask); };
    moveSingles(*block, rewriter, backend.elementsAtOnce(), choose);
    repeatProducers(*block, rewriter, backend.elementsAtOnce(), choose);
    shareLoops(*block, rewriter);
  }
  if (failed(simplify()))
    return failure();
  showBounds(module);
  return success();
}

} // namespace kerf::codegen
