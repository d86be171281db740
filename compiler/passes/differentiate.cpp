// value_and_grad regions => straight-line kerf ops. What flows where is decided on the region's own
// values, which tell a parameter from a capture of the same tensor; ops are made beside the region.
#include "compiler/pipeline.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"

#include "compiler/ops/stop_gradient.h"
#include "compiler/ops/value_and_grad.h"

using namespace mlir;

namespace kerf::compiler {
#define GEN_PASS_DEF_DIFFERENTIATE
#include "compiler/passes.h.inc"

namespace {

bool isFloat(Value value) { return isa<FloatType>(getElementTypeOrSelf(value.getType())); }

/// Nothing flows through it, so what is computed from it alone needs no derivative.
bool isStop(Operation &op) { return isa<StopGradientOp>(op); }

/// The splat of `type`.
Value splat(OpBuilder &builder, Location location, Type type, double value) {
  auto tensor = cast<RankedTensorType>(type);
  auto attribute = SplatElementsAttr::get(
      tensor, Attribute(builder.getFloatAttr(tensor.getElementType(), value)));
  return arith::ConstantOp::create(builder, location, attribute);
}

/// One value_and_grad on its way to straight-line ops.
class Expansion {
public:
  explicit Expansion(ValueAndGradOp op)
      : op(op), body(op.getBody().front()), numParams(op.getNumParams()), builder(op) {}

  LogicalResult run();

private:
  void copyForward();
  void findActive();
  LogicalResult goBackward();
  void passOn(Operation &inner, ArrayRef<Value> cotangents);
  LogicalResult refuse(Operation &inner, const Twine &why);
  void followIntegers();
  void warnIfLost(BlockArgument param);
  void warnIfNoneReached();
  void replace();
  void prune();
  std::string nameOf(unsigned param);

  Operation *op;
  Block &body;
  unsigned numParams;
  OpBuilder builder;

  IRMapping copies;                  ///< region value -> its copy beside the region
  DenseSet<Value> active;            ///< region floats that depend on a parameter through floats
  DenseMap<Value, Value> cotangents; ///< region value -> copy-side cotangent
  /// Region values on which the loss depends by way of an integer, with the op that made it (null
  /// for the integer itself).
  DenseMap<Value, Operation *> behindIntegers;
};

/// "encoder.conv1.weight" if the parameter is an entry's argument, else its number.
std::string Expansion::nameOf(unsigned param) {
  if (auto argument = dyn_cast<BlockArgument>(op->getOperand(param)))
    if (auto function = dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp()))
      if (auto name = function.getArgAttrOfType<StringAttr>(argument.getArgNumber(), "kerf.name"))
        return ("\"" + name.getValue() + "\"").str();
  return "#" + std::to_string(param);
}

void Expansion::copyForward() {
  for (auto [argument, operand] : llvm::zip_equal(body.getArguments(), op->getOperands()))
    copies.map(argument, operand);
  for (Operation &inner : body.without_terminator())
    builder.clone(inner, copies);
}

void Expansion::findActive() {
  for (BlockArgument param : body.getArguments().take_front(numParams))
    if (isFloat(param))
      active.insert(param);
  for (Operation &inner : body.without_terminator())
    if (!isStop(inner) &&
        llvm::any_of(inner.getOperands(), [&](Value v) { return active.contains(v); }))
      for (Value result : inner.getResults())
        if (isFloat(result))
          active.insert(result);
}

LogicalResult Expansion::refuse(Operation &inner, const Twine &why) {
  // The line says which function of the program it is; an op may be another's part.
  InFlightDiagnostic error = inner.emitError("what this line computes has no derivative: ") << why;
  error.attachNote(op->getLoc()) << "the gradient taken here needs it; wrap the value in "
                                    "stop_gradient or straight_through";
  return failure();
}

/// operand cotangents += vjp(result cotangents)
void Expansion::passOn(Operation &inner, ArrayRef<Value> flows) {
  for (auto [operand, flow] : llvm::zip_equal(inner.getOperands(), flows)) {
    if (!flow || !active.contains(operand))
      continue;
    Value &total = cotangents[operand];
    if (!total) {
      total = flow;
      continue;
    }
    OperationState state(flow.getLoc(), "kerf.add", ValueRange{total, flow}, total.getType());
    total = builder.create(state)->getResult(0);
  }
}

LogicalResult Expansion::goBackward() {
  Value loss = body.getTerminator()->getOperand(0);
  cotangents[loss] = splat(builder, loss.getLoc(), loss.getType(), 1);
  for (Operation &inner : llvm::reverse(body.without_terminator())) {
    if (llvm::none_of(inner.getOperands(), [&](Value v) { return active.contains(v); }))
      continue;
    SmallVector<Value> flows;
    for (Value result : inner.getResults())
      flows.push_back(cotangents.lookup(result));
    if (llvm::none_of(flows, [](Value v) { return bool(v); }))
      continue;
    Operation *copy = copies.lookup(inner.getResult(0)).getDefiningOp();
    auto differentiable = dyn_cast<Differentiable>(copy);
    if (!differentiable)
      return refuse(inner, "not implemented");
    if (StringRef gap = differentiable.derivativeGap(); !gap.empty())
      return refuse(inner, gap);
    SmallVector<Value> operandFlows = differentiable.vjp(builder, flows);
    if (operandFlows.size() != inner.getNumOperands())
      return inner.emitError("vjp gave ")
             << operandFlows.size() << " cotangents for " << inner.getNumOperands() << " operands";
    for (auto [operand, flow] : llvm::zip_equal(inner.getOperands(), operandFlows))
      if (flow && flow.getType() != operand.getType())
        return inner.emitError("vjp gave a cotangent of type ")
               << flow.getType() << " for an operand of type " << operand.getType();
    passOn(inner, operandFlows);
  }
  return success();
}

/// Which values the loss depends on by way of an integer. stop_gradient means it, so it ends here.
void Expansion::followIntegers() {
  DenseSet<Value> byFloats; // on which the loss depends through floats alone
  byFloats.insert(body.getTerminator()->getOperand(0));
  for (Operation &inner : llvm::reverse(body.without_terminator())) {
    if (isStop(inner))
      continue;
    for (Value result : inner.getResults()) {
      bool direct = byFloats.contains(result), behind = behindIntegers.contains(result);
      for (Value operand : inner.getOperands()) {
        if (direct && isFloat(operand))
          byFloats.insert(operand);
        else if (direct || behind)
          behindIntegers.try_emplace(operand,
                                     isFloat(result) ? behindIntegers.lookup(result) : &inner);
      }
    }
  }
}

void Expansion::warnIfLost(BlockArgument param) {
  Operation *maker = behindIntegers.lookup(param);
  if (!maker)
    return;
  InFlightDiagnostic warning = maker->emitWarning("parameter ")
                               << nameOf(param.getArgNumber())
                               << " reaches the loss only through integer or i1 values, which "
                                  "this line computes: its gradient is zero";
  warning.attachNote(op->getLoc()) << "the gradient is taken here";
}

/// A loss that is made of no parameter, not even behind a stop_gradient that says so, is trained in
/// vain, and nothing else would tell.
void Expansion::warnIfNoneReached() {
  DenseSet<Value> inLoss;
  inLoss.insert(body.getTerminator()->getOperand(0));
  for (Operation &inner : llvm::reverse(body.without_terminator()))
    if (llvm::any_of(inner.getResults(), [&](Value x) { return inLoss.contains(x); }))
      inLoss.insert(inner.operand_begin(), inner.operand_end());
  auto params = body.getArguments().take_front(numParams);
  if (llvm::any_of(params, [&](Value param) { return inLoss.contains(param); }))
    return;
  InFlightDiagnostic warning = op->emitWarning("the loss depends on none of the ")
                               << numParams
                               << " parameters that its gradient is taken in: all of it is zero";
  warning.attachNote(body.getTerminator()->getOperand(0).getLoc()) << "the loss is made here";
}

void Expansion::replace() {
  SmallVector<Value> results;
  for (Value yielded : body.getTerminator()->getOperands())
    results.push_back(copies.lookup(yielded));
  for (BlockArgument param : body.getArguments().take_front(numParams)) {
    Value gradient = cotangents.lookup(param);
    if (!gradient) {
      warnIfLost(param);
      gradient = splat(builder, op->getLoc(), param.getType(), 0);
    }
    results.push_back(gradient);
  }
  op->replaceAllUsesWith(results);
}

/// Removes what the vjps made for operands that need no cotangent: a sweep from the last op up.
void Expansion::prune() {
  Block *block = op->getBlock();
  Operation *next = op->getPrevNode();
  op->erase();
  while (next) {
    Operation *candidate = next;
    next = next == &block->front() ? nullptr : next->getPrevNode();
    if (isOpTriviallyDead(candidate))
      candidate->erase();
  }
}

LogicalResult Expansion::run() {
  copyForward();
  findActive();
  if (failed(goBackward()))
    return failure();
  followIntegers();
  warnIfNoneReached();
  replace();
  prune();
  return success();
}

struct Differentiate : impl::DifferentiateBase<Differentiate> {
  void runOnOperation() override {
    SmallVector<ValueAndGradOp> regions;
    getOperation().walk<WalkOrder::PostOrder>([&](ValueAndGradOp op) { regions.push_back(op); });
    for (ValueAndGradOp op : regions)
      if (failed(Expansion(op).run()))
        return signalPassFailure();
  }
};

} // namespace
} // namespace kerf::compiler
