#include "compiler/ops/stop_gradient.h"
#include "build.h"
#include "lower.h"

using namespace mlir;

namespace kerf {

/// dx = 0, by decree.
SmallVector<Value> StopGradientOp::vjp(OpBuilder &, ValueRange) { return {Value()}; }

SmallVector<Value> StopGradientOp::lower(OpBuilder &) { return {getX()}; }

SmallVector<Literal> StopGradientOp::evaluate(ArrayRef<Literal> operands, Evaluation &) {
  return {operands[0]};
}

} // namespace kerf

#define GET_OP_CLASSES
#include "compiler/ops/stop_gradient.cpp.inc"
