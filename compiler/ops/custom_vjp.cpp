#include "compiler/ops/custom_vjp.h"
#include "compiler/copy_block.h"
#include "compiler/derivatives/flows.h"
#include "compiler/derivatives/reverse.h"
#include "compiler/derivatives/tangent.h"
#include "compiler/ops/yield.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult CustomVjpOp::verify() {
  if (getNumInputs() > getX().size())
    return emitOpError("num_inputs is ")
           << getNumInputs() << " but there are " << getX().size() << " operands"; // C1
  return success();
}

LogicalResult CustomVjpOp::verifyRegions() {
  SmallVector<Type> arguments(getInputs().getTypes());
  llvm::append_range(arguments, getY().getTypes());
  llvm::append_range(arguments, floatsOf(getY().getTypes()));
  llvm::append_range(arguments, getCaptures().getTypes());
  Block &forwards = getForwards().front(), &backwards = getBackwards().front();
  if (failed(verifyTypes(*this, "forward argument", forwards.getArgumentTypes(),
                         getX().getTypes())) || // C2
      failed(verifyTypes(*this, "backward argument", backwards.getArgumentTypes(),
                         arguments))) // C3
    return failure();
  auto endOf = [](Block &block) {
    return block.empty() ? YieldOp() : dyn_cast<YieldOp>(block.back());
  };
  YieldOp values = endOf(forwards), flows = endOf(backwards);
  if (!values || !flows)
    return emitOpError("both regions must end in kerf.yield");                           // C4
  if (failed(verifyTypes(*this, "result", getY().getTypes(), values.getX().getTypes()))) // C5
    return failure();
  return verifyTypes(flows, "operand", flows.getX().getTypes(),
                     floatsOf(getInputs().getTypes())); // C6
}

SmallVector<Value> CustomVjpOp::inlined(OpBuilder &builder) {
  return copyBlock(builder, getForwards().front(), getX());
}

/// What happens inside is nobody's concern: an input goes to every result.
void CustomVjpOp::forEachFlow(llvm::function_ref<void(Value, Value)> edge) {
  for (Value operand : getX())
    for (Value result : getResults())
      edge(operand, result);
}

static LogicalResult refuseCapture(CustomVjpOp op, Operation *by) {
  InFlightDiagnostic error =
      op.emitError("a derivative is taken in a value that a function of custom_vjp captures, which "
                   "gets none: pass it as an argument, or wrap it in stop_gradient");
  error.attachNote(by->getLoc()) << "the derivative is taken here";
  return failure();
}

/// Cotangents of the operands by the second region.
static SmallVector<Value> pullBack(CustomVjpOp op, OpBuilder &builder, ValueRange cotangents) {
  SmallVector<Value> arguments(op.getInputs());
  llvm::append_range(arguments, op.getY());
  for (auto [result, cotangent] : llvm::zip_equal(op.getY(), cotangents))
    if (isFloat(result))
      arguments.push_back(cotangent ? cotangent : splat(builder, op.getLoc(), result.getType(), 0));
  llvm::append_range(arguments, op.getCaptures());
  const SmallVector<Value> yielded = copyBlock(builder, op.getBackwards().front(), arguments);
  ArrayRef<Value> left = yielded;
  SmallVector<Value> flows(op.getX().size());
  for (auto [flow, input] : llvm::zip(flows, op.getInputs()))
    if (isFloat(input)) {
      flow = left.front();
      left = left.drop_front();
    }
  return flows;
}

FailureOr<Derivative> CustomVjpOp::reverse(OpBuilder &builder, ArrayRef<bool> needed,
                                           ValueRange cotangents, Operation *by) {
  if (llvm::is_contained(needed.drop_front(getNumInputs()), true))
    return refuseCapture(*this, by);
  return Derivative{SmallVector<Value>(getResults()), pullBack(*this, builder, cotangents)};
}

FailureOr<Derivative> CustomVjpOp::forward(OpBuilder &builder, ValueRange tangents, Operation *by) {
  if (llvm::any_of(tangents.drop_front(getNumInputs()), [](Value x) { return bool(x); }))
    return refuseCapture(*this, by);
  auto vjp = [&](OpBuilder &inside, ValueRange ones) { return pullBack(*this, inside, ones); };
  FailureOr<SmallVector<Value>> flows =
      transposed(builder, *this, vjp, SmallVector<Value>(tangents), by);
  if (failed(flows))
    return failure();
  return Derivative{SmallVector<Value>(getResults()), std::move(*flows)};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/custom_vjp.cpp.inc"
