#include "compiler/ops/attention.h"
#include "compiler/derivatives/reverse.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult AttentionOp::verify() { return success(); }
LogicalResult AttentionOp::verifyRegions() { return success(); }
SmallVector<Literal> AttentionOp::evaluate(ArrayRef<Literal>, Evaluation &) { return {}; }
SmallVector<Value> AttentionOp::decompose(OpBuilder &) { return {}; }
void AttentionOp::forEachFlow(llvm::function_ref<void(Value, Value)> edge) {
  for (Value operand : getOperands())
    for (Value result : getResults())
      edge(operand, result);
}
FailureOr<Derivative> AttentionOp::reverse(OpBuilder &, ArrayRef<bool>, ValueRange, Operation *by) {
  return refuseDerivative(*this, "not implemented", by);
}
FailureOr<Derivative> AttentionOp::forward(OpBuilder &, ValueRange, Operation *by) {
  return refuseDerivative(*this, "not implemented", by);
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/attention.cpp.inc"
