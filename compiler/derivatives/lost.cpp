#include "compiler/derivatives/lost.h"

#include "compiler/derivatives/flows.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"

using namespace mlir;

namespace kerf::compiler {
namespace {

class Lost {
public:
  explicit Lost(ValueAndGradOp op)
      : op(op), loss(op.getBody().front().getTerminator()->getOperand(0)),
        params(op.getBody().getArguments().take_front(op.getNumParams())),
        flows(flowsOf(op.getBody().front())) {}

  void warn(ArrayRef<bool> hasGradient) {
    warnIfNoneReached();
    const auto behindIntegers = followIntegers();
    for (auto [param, has] : llvm::zip_equal(params, hasGradient))
      if (Operation *maker = has ? nullptr : behindIntegers.lookup(param)) {
        InFlightDiagnostic warning = maker->emitWarning("parameter ")
                                     << nameOf(cast<BlockArgument>(param).getArgNumber())
                                     << " reaches the loss only through integer or i1 values, "
                                        "which this line computes: its gradient is zero";
        warning.attachNote(op->getLoc()) << "the gradient is taken here";
      }
  }

private:
  /// "encoder.conv1.weight" if the parameter is an entry's argument, else its number.
  std::string nameOf(unsigned param) {
    if (auto argument = dyn_cast<BlockArgument>(op->getOperand(param)))
      if (auto function = dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp()))
        if (auto name = function.getArgAttrOfType<StringAttr>(argument.getArgNumber(), "kerf.name"))
          return ("\"" + name.getValue() + "\"").str();
    return "#" + std::to_string(param);
  }

  /// Values on which the loss depends by way of an integer, with the op that made it (null for the
  /// integer itself). stop_gradient means it, so it ends here.
  DenseMap<Value, Operation *> followIntegers() {
    const DenseSet<Value> byFloats = floatsTo(flows, loss);
    DenseMap<Value, Operation *> behind;
    for (bool isNew = true; isNew;) {
      isNew = false;
      for (const Flow &flow : llvm::reverse(flows)) {
        const bool isDirect = byFloats.contains(flow.to);
        if (isStop(flow.op) || (isDirect && isFloat(flow.from)) ||
            (!isDirect && !behind.contains(flow.to)))
          continue;
        const bool isMade = !isFloat(flow.to) && !flow.isBorder;
        Operation *maker = isMade ? flow.op : behind.lookup(flow.to);
        isNew |= behind.try_emplace(flow.from, maker).second && flow.isBorder;
      }
    }
    return behind;
  }

  /// A loss that is made of no parameter, not even behind a stop_gradient that says so, is trained
  /// in vain, and nothing else would tell.
  void warnIfNoneReached() {
    DenseSet<Value> inLoss{loss};
    for (bool isNew = true; isNew;) {
      isNew = false;
      for (const Flow &flow : llvm::reverse(flows))
        if (inLoss.contains(flow.to))
          isNew |= inLoss.insert(flow.from).second && flow.isBorder;
    }
    if (llvm::any_of(params, [&](Value param) { return inLoss.contains(param); }))
      return;
    InFlightDiagnostic warning = op->emitWarning("the loss depends on none of the ")
                                 << params.size()
                                 << " parameters that its gradient is taken in: all of it is zero";
    warning.attachNote(loss.getLoc()) << "the loss is made here";
  }

  ValueAndGradOp op;
  Value loss;
  ValueRange params;
  SmallVector<Flow> flows;
};

} // namespace

void warnOfLostGradients(ValueAndGradOp op, ArrayRef<bool> hasGradient) {
  Lost(op).warn(hasGradient);
}

} // namespace kerf::compiler
