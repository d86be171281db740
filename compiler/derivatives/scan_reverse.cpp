// Reverse mode of a scan: a scan in the other direction, on what the first one keeps.
#include "compiler/derivatives/scan.h"

#include "compiler/derivatives/flows.h"
#include "compiler/derivatives/kept.h"
#include "compiler/derivatives/parts.h"
#include "compiler/derivatives/reverse.h"
#include "compiler/derivatives/sums.h"
#include "compiler/ops/yield.h"
#include "compiler/val.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;

namespace kerf::compiler {
namespace {

/// The derivative is first taken on one block, `joint`: an iteration, then its vjps, of the
/// arguments of an iteration and cotangents of what it yields. What does not depend on these is an
/// iteration's own; of it the first scan keeps, as further stacked results, what the second one
/// needs and does not make again.
class ScanReverse {
public:
  ScanReverse(ScanOp op, OpBuilder &builder, ArrayRef<bool> needed, ValueRange cotangents,
              Operation *by)
      : op(op), body(op.getBody().front()), builder(builder), needed(needed),
        cotangents(cotangents), by(by), numCarried(op.getNumCarried()) {}

  FailureOr<Derivative> run() {
    if (op.getStops() && op.getReverse())
      return refuseDerivative(op, "not implemented, of a loop in reverse that stops", by);
    findActive();
    if (failed(makeJoint()))
      return failure();
    Kept kept(op, joint, body.getNumArguments());
    for (auto [isCarried, next] : llvm::zip_equal(isCarriedBack, ofCarried()))
      if (isCarried)
        kept.need(next);
    for (Value row : ofRows())
      if (row)
        kept.needBehind(row);
    SumsOverIterations sums(op, joint, kept);
    captureSums = sums.split(ofCaptures());
    const Derivative first = makeFirst(kept);
    return makeSecond(kept, sums, first);
  }

private:
  unsigned numRows() { return op.getNumInputs(); }
  bool isNeeded(unsigned operand) { return needed[operand]; }
  unsigned operandOfCapture(unsigned i) { return op.getX().size() - op.getCaptures().size() + i; }

  // ---- what is needed ------------------------------------------------------------------------

  void findActive() {
    SmallVector<Flow> flows = flowsOf(body);
    op.forEachFlow([&](Value from, Value to) { flows.push_back({from, to, op, true}); });
    SmallVector<Value> ends;
    for (BlockArgument argument : body.getArguments())
      if (isNeeded(operandOf(argument)))
        seeds.push_back(argument);
    for (auto [result, cotangent] : llvm::zip_equal(op.getResults(), cotangents))
      if (cotangent)
        ends.push_back(result);
    const DenseSet<Value> active = floatsFrom(flows, seeds), useful = floatsTo(flows, ends);
    for (BlockArgument argument : body.getArguments().take_front(numCarried)) {
      const bool isActive = active.contains(argument);
      if (isActive && !llvm::is_contained(seeds, argument))
        seeds.push_back(argument);
      isCarriedBack.push_back(isActive &&
                              (cotangents[argument.getArgNumber()] || useful.contains(argument)));
    }
  }

  /// The operand behind an argument of the region; of the number of the iteration one that nothing
  /// is needed of.
  unsigned operandOf(BlockArgument argument) {
    const unsigned number = argument.getArgNumber();
    if (number < numCarried)
      return number;
    if (number <= numCarried + numRows())
      return number == numCarried ? 0 : number - 1;
    return number - 1 + op.getHasSteps();
  }

  // ---- the joint block -----------------------------------------------------------------------

  LogicalResult makeJoint() {
    for (BlockArgument argument : body.getArguments())
      joint.addArgument(argument.getType(), argument.getLoc());
    SmallVector<Value> flows;
    ValueRange yielded = body.getTerminator()->getOperands();
    for (auto [i, value] : llvm::enumerate(yielded)) {
      const bool isThere = i < numCarried ? isCarriedBack[i] : bool(cotangents[i]);
      flows.push_back(isThere ? joint.addArgument(value.getType(), value.getLoc()) : Value());
    }
    OpBuilder inside(op.getContext());
    inside.setInsertionPointToEnd(&joint);
    const SmallVector<Value> arguments(joint.getArguments().take_front(body.getNumArguments()));
    Reverse reverse(inside, body, arguments, by);
    if (failed(reverse.run(inside, seeds, flows)))
      return failure();

    // All that is made of it, so that folding keeps it.
    SmallVector<Value> results =
        llvm::map_to_vector(yielded, [&](Value value) { return reverse.copyOf(value); });
    for (BlockArgument argument : body.getArguments()) {
      const unsigned number = argument.getArgNumber();
      const bool isCarried = number < numCarried;
      const bool isWanted =
          isCarried ? isCarriedBack[number] : number != numCarried && isNeeded(operandOf(argument));
      Value flow = isWanted ? reverse.cotangentOf(argument) : Value();
      if (isCarried && isWanted && !flow)
        flow = splat(inside, op.getLoc(), argument.getType(), 0);
      resultOf.push_back(flow ? int(results.size()) : -1);
      if (flow)
        results.push_back(flow);
    }
    YieldOp::create(inside, op.getLoc(), results);
    fold(joint);
    return success();
  }

  /// What folds, folds, so that nothing is kept for it; what nobody uses is gone.
  static void fold(Block &block) {
    OpBuilder at(block.getTerminator());
    for (Operation &inner : llvm::make_early_inc_range(block.without_terminator())) {
      at.setInsertionPoint(&inner);
      SmallVector<Value> results;
      if (isa<arith::ConstantOp>(inner) || failed(at.tryFold(&inner, results)) || results.empty())
        continue;
      inner.replaceAllUsesWith(results);
      inner.erase();
    }
    joinParts(block);
    SmallVector<Operation *> left;
    for (Operation &inner : block.without_terminator())
      left.push_back(&inner);
    for (Operation *inner : llvm::reverse(left))
      if (isOpTriviallyDead(inner))
        inner->erase();
  }

  /// The cotangent of an argument of an iteration, made in the joint block; null if there is none.
  Value cotangentOf(unsigned argument) {
    return resultOf[argument] < 0 ? Value() : joint.getTerminator()->getOperand(resultOf[argument]);
  }
  SmallVector<Value> cotangentsOf(unsigned first, unsigned count) {
    return llvm::map_to_vector(llvm::seq(first, first + count),
                               [&](unsigned i) { return cotangentOf(i); });
  }
  SmallVector<Value> ofCarried() { return cotangentsOf(0, numCarried); }
  SmallVector<Value> ofRows() { return cotangentsOf(numCarried + 1, numRows()); }
  SmallVector<Value> ofCaptures() {
    return cotangentsOf(numCarried + 1 + numRows(), op.getCaptures().size());
  }

  // ---- the first scan ------------------------------------------------------------------------

  /// The op with what is kept, stacked: its own results; what is kept, and the number of iterations
  /// that have run.
  Derivative makeFirst(const Kept &kept) {
    const unsigned numStacked = op.getStacked().size();
    if (kept.stored().empty() && !op.getStops())
      return {SmallVector<Value>(op.getResults()), {op.getSteps()}};
    OpBuilder before(op);
    ScanForm form(op);
    if (op.getStops()) {
      auto number = RankedTensorType::get({}, before.getI64Type());
      form.carried.push_back(arith::ConstantOp::create(
          before, op.getLoc(), cast<DenseElementsAttr>(splatOf(number, int64_t(0)))));
    }
    auto fill = [&](OpBuilder &inside, const ScanArguments &x) -> FailureOr<SmallVector<Value>> {
      SmallVector<Value> arguments(ArrayRef(x.carried).take_front(numCarried));
      arguments.push_back(x.index);
      llvm::append_range(arguments, x.rows);
      llvm::append_range(arguments, x.captures);
      IRMapping map;
      map.map(joint.getArguments().take_front(arguments.size()), arguments);
      SmallVector<Value> made(
          joint.getTerminator()->getOperands().take_front(body.getTerminator()->getNumOperands()));
      made.append(kept.stored().begin(), kept.stored().end());
      copyFor(inside, made, map);
      for (Value &value : made)
        value = map.lookupOrDefault(value);
      for (Value &value : MutableArrayRef(made).take_back(kept.stored().size()))
        value = Kept::asStored(inside, value);
      if (op.getStops()) {
        const Val ran(inside, op.getLoc(), x.carried.back());
        made.insert(made.begin() + numCarried, (ran + ran.constant(1)).value);
      }
      return made;
    };
    ScanOp scan = makeScan(before, op.getLoc(), form, fill);
    Derivative first{SmallVector<Value>(scan.getLast().take_front(numCarried)),
                     {op.getStops() ? scan.getLast().back() : op.getSteps()}};
    llvm::append_range(first.values, scan.getStacked().take_front(numStacked));
    llvm::append_range(first.flows, scan.getStacked().drop_front(numStacked));
    return first;
  }

  /// Copies those ops of the joint block that `values` are made of.
  void copyFor(OpBuilder &inside, ArrayRef<Value> values, IRMapping &map) {
    DenseSet<Operation *> wanted;
    SmallVector<Value> waiting(values);
    while (!waiting.empty())
      if (Operation *maker = waiting.pop_back_val().getDefiningOp())
        if (wanted.insert(maker).second)
          waiting.append(maker->operand_begin(), maker->operand_end());
    for (Operation &inner : joint.without_terminator())
      if (wanted.contains(&inner))
        inside.clone(inner, map);
  }

  // ---- the second scan -----------------------------------------------------------------------

  /// What adds up over iterations, one behind another, would lose in f32 what other sums keep by
  /// adding in pairs ("The order of sums" in dsl/guide.md): 2^24 ones and one more are 2^24.
  Type accumulatorOf(Type type) {
    auto tensor = cast<RankedTensorType>(type);
    return op.getCount() <= 32 ? type : tensor.clone(builder.getF64Type());
  }

  FailureOr<Derivative> makeSecond(Kept &kept, SumsOverIterations &sums, const Derivative &first) {
    ScanForm form;
    form.count = op.getCount(), form.keep = op.getKeep(), form.reverse = !op.getReverse();
    form.steps = first.flows.front();
    auto zero = [&](Type type) { return splat(builder, op.getLoc(), type, 0); };
    for (auto [i, isCarried] : llvm::enumerate(isCarriedBack))
      if (isCarried)
        form.carried.push_back(cotangents[i] ? cotangents[i] : zero(op.getCarried()[i].getType()));
    const unsigned numBack = form.carried.size();
    for (Value sum : captureSums)
      if (sum)
        form.carried.push_back(zero(accumulatorOf(sum.getType())));
    llvm::copy_if(cotangents.drop_front(numCarried), std::back_inserter(form.inputs),
                  [](Value cotangent) { return bool(cotangent); });
    const unsigned numCotangents = form.inputs.size();
    llvm::append_range(form.inputs, ArrayRef(first.flows).drop_front());
    for (unsigned row : kept.rows())
      form.inputs.push_back(op.getInputs()[row]);
    for (unsigned operand : kept.captures())
      form.captures.push_back(op.getX()[operand]);
    llvm::append_range(form.captures, kept.makeOutside(builder));

    auto fill = [&](OpBuilder &inside, const ScanArguments &x) -> FailureOr<SmallVector<Value>> {
      IRMapping map;
      map.map(joint.getArgument(numCarried), x.index);
      SmallVector<Value> given(ArrayRef(x.carried).take_front(numBack));
      llvm::append_range(given, ArrayRef(x.rows).take_front(numCotangents));
      map.map(joint.getArguments().drop_front(body.getNumArguments()), given);
      ArrayRef<Value> rows = ArrayRef(x.rows).drop_front(numCotangents);
      kept.mapTo(inside, rows, x.captures, map);
      for (Operation &inner : joint.without_terminator())
        if (kept.isCopied(&inner))
          inside.clone(inner, map);
      SmallVector<Value> next;
      for (Value value : ofCarried())
        if (value)
          next.push_back(map.lookupOrDefault(value));
      for (Value sum : captureSums)
        if (sum) {
          const Val before(inside, op.getLoc(), x.carried[next.size()]),
              more = kerf::compiler::cast(Val(inside, op.getLoc(), map.lookupOrDefault(sum)),
                                          before.type().getElementType());
          next.push_back(op.getCount() == 1 ? more : before + more);
        }
      for (Value value : kept.stackedBehind())
        next.push_back(map.lookupOrDefault(value));
      return next;
    };
    ScanOp scan = makeScan(builder, op.getLoc(), form, fill);

    Derivative derivative{first.values, SmallVector<Value>(op.getX().size())};
    unsigned result = 0;
    for (auto [i, isCarried] : llvm::enumerate(isCarriedBack))
      if (isCarried) {
        if (isNeeded(i))
          derivative.flows[i] = scan.getResult(result);
        ++result;
      }
    for (auto [i, sum] : llvm::enumerate(captureSums))
      if (sum)
        derivative.flows[operandOfCapture(i)] = kerf::compiler::cast(
            Val(builder, op.getLoc(), scan.getResult(result++)), getElementTypeOrSelf(sum));
    auto stackOf = [&](Value value) {
      return kept.stackOf(value, ArrayRef(first.flows).drop_front(), scan.getStacked());
    };
    for (auto [i, row] : llvm::enumerate(ofRows()))
      if (row)
        derivative.flows[numCarried + i] = stackOf(row);
    sums.add(builder, stackOf,
             MutableArrayRef(derivative.flows).take_back(op.getCaptures().size()));
    return derivative;
  }

  ScanOp op;
  Block &body;
  OpBuilder &builder;
  ArrayRef<bool> needed;
  ValueRange cotangents;
  Operation *by;
  unsigned numCarried;

  SmallVector<Value> seeds;        ///< arguments of the region that derivatives are taken in
  SmallVector<bool> isCarriedBack; ///< the cotangent of this carried value
  Block joint;
  SmallVector<int> resultOf;      ///< of the joint block's terminator, for each argument of body
  SmallVector<Value> captureSums; ///< what each iteration adds to a capture's cotangent, or null
};

} // namespace

FailureOr<Derivative> reverseOfScan(ScanOp op, OpBuilder &builder, ArrayRef<bool> needed,
                                    ValueRange cotangents, Operation *by) {
  return ScanReverse(op, builder, needed, cotangents, by).run();
}

} // namespace kerf::compiler
