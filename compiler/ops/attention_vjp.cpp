#include "compiler/ops/attention_vjp.h"
#include "compiler/derivatives/reverse.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult AttentionVjpOp::verify() { return success(); }
LogicalResult AttentionVjpOp::verifyRegions() { return success(); }
SmallVector<Literal> AttentionVjpOp::evaluate(ArrayRef<Literal>, Evaluation &) { return {}; }
SmallVector<Value> AttentionVjpOp::decompose(OpBuilder &) { return {}; }
void AttentionVjpOp::forEachFlow(llvm::function_ref<void(Value, Value)> edge) {
  for (Value operand : getOperands())
    for (Value result : getResults())
      edge(operand, result);
}
FailureOr<Derivative> AttentionVjpOp::reverse(OpBuilder &, ArrayRef<bool>, ValueRange,
                                              Operation *by) {
  return refuseDerivative(*this, "not implemented", by);
}
FailureOr<Derivative> AttentionVjpOp::forward(OpBuilder &, ValueRange, Operation *by) {
  return refuseDerivative(*this, "not implemented", by);
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/attention_vjp.cpp.inc"
