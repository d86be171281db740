// Forward mode of a scan: a scan that carries tangents beside values.
#include "compiler/derivatives/flows.h"
#include "compiler/derivatives/forward.h"
#include "compiler/derivatives/reverse.h"
#include "compiler/derivatives/scan.h"

using namespace mlir;

namespace kerf::compiler {
namespace {

/// One scan that carries tangents beside values.
class ScanForward {
public:
  ScanForward(ScanOp op, OpBuilder &builder, ValueRange tangents, Operation *by)
      : op(op), body(op.getBody().front()), builder(builder), by(by) {
    const unsigned carried = op.getNumCarried(), inputs = op.getNumInputs();
    ofCarried = tangents.take_front(carried);
    ofInputs = tangents.slice(carried, inputs);
    ofCaptures = tangents.take_back(op.getCaptures().size());
  }

  FailureOr<Derivative> run() {
    ScanForm form(op);
    findCarried();
    for (auto [is, value, tangent] : llvm::zip_equal(isCarried, op.getCarried(), ofCarried))
      if (is)
        form.carried.push_back(tangent ? tangent : splat(builder, op.getLoc(), value.getType(), 0));
    auto isThere = [](Value value) { return bool(value); };
    llvm::copy_if(ofInputs, std::back_inserter(form.inputs), isThere);
    llvm::copy_if(ofCaptures, std::back_inserter(form.captures), isThere);
    auto fill = [&](OpBuilder &inside, const ScanArguments &x) { return yielded(inside, x); };
    ScanOp made = makeScan(builder, op.getLoc(), form, fill);
    if (!made)
      return failure();

    const unsigned carried = op.getNumCarried(), stacked = op.getStacked().size();
    Derivative derivative;
    derivative.values.append(llvm::to_vector(made.getLast().take_front(carried)));
    derivative.values.append(llvm::to_vector(made.getStacked().take_front(stacked)));
    derivative.flows = spread(isCarried, made.getLast().drop_front(carried));
    derivative.flows.append(spread(isStacked, made.getStacked().drop_front(stacked)));
    return derivative;
  }

private:
  /// Which carried values have a tangent: from the start, or once an iteration has made one.
  void findCarried() {
    SmallVector<Flow> flows = flowsOf(body);
    op.forEachFlow([&](Value from, Value to) { flows.push_back({from, to, op, true}); });
    SmallVector<Value> seeds, ends;
    auto seed = [&](auto arguments, ArrayRef<Value> tangents) {
      for (auto [argument, tangent] : llvm::zip_equal(arguments, tangents))
        if (tangent)
          seeds.push_back(argument);
    };
    seed(body.getArguments().take_front(op.getNumCarried()), ofCarried);
    seed(op.getRows(), ofInputs);
    seed(op.getInnerCaptures(), ofCaptures);
    llvm::copy_if(op.getResults(), std::back_inserter(ends), isFloat);
    const DenseSet<Value> active = floatsFrom(flows, seeds);
    for (BlockArgument argument : body.getArguments().take_front(op.getNumCarried()))
      isCarried.push_back(active.contains(argument));
  }

  FailureOr<SmallVector<Value>> yielded(OpBuilder &inside, const ScanArguments &x) {
    const unsigned carried = op.getNumCarried(), inputs = op.getNumInputs(),
                   captures = op.getCaptures().size();
    SmallVector<Value> arguments(ArrayRef(x.carried).take_front(carried));
    arguments.push_back(x.index);
    arguments.append(llvm::to_vector(ArrayRef(x.rows).take_front(inputs)));
    arguments.append(llvm::to_vector(ArrayRef(x.captures).take_front(captures)));
    SmallVector<Value> tangents = spread(isCarried, ArrayRef(x.carried).drop_front(carried));
    tangents.push_back({}); // of the index
    tangents.append(spread(areThere(ofInputs), ArrayRef(x.rows).drop_front(inputs)));
    tangents.append(spread(areThere(ofCaptures), ArrayRef(x.captures).drop_front(captures)));
    FailureOr<Derivative> made = forwardMode(inside, body, arguments, tangents, by);
    if (failed(made))
      return failure();

    SmallVector<Value> next(ArrayRef(made->values).take_front(carried));
    for (auto [is, value, tangent] : llvm::zip(isCarried, next, made->flows))
      if (is)
        next.push_back(tangent ? tangent : splat(inside, op.getLoc(), value.getType(), 0));
    next.append(llvm::to_vector(ArrayRef(made->values).drop_front(carried)));
    for (Value tangent : ArrayRef(made->flows).drop_front(carried)) {
      isStacked.push_back(bool(tangent));
      if (tangent)
        next.push_back(tangent);
    }
    return next;
  }

  ScanOp op;
  Block &body;
  OpBuilder &builder;
  Operation *by;
  SmallVector<Value> ofCarried, ofInputs, ofCaptures; ///< tangents of operands; null where zero
  SmallVector<bool> isCarried, isStacked;             ///< has a tangent
};

} // namespace

FailureOr<Derivative> forwardOfScan(ScanOp op, OpBuilder &builder, ValueRange tangents,
                                    Operation *by) {
  return ScanForward(op, builder, tangents, by).run();
}

} // namespace kerf::compiler
