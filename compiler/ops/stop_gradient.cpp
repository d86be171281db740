#include "compiler/ops/stop_gradient.h"
#include "compiler/linalg_forms.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {

/// dx = 0, by decree.
SmallVector<Value> StopGradientOp::vjp(OpBuilder &, ValueRange) { return {Value()}; }

SmallVector<Value> StopGradientOp::lower(OpBuilder &) { return {getX()}; }

SmallVector<Literal> StopGradientOp::evaluate(ArrayRef<Literal> operands, Evaluation &) {
  return {operands[0]};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/stop_gradient.cpp.inc"
