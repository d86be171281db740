#include "compiler/ops/straight_through.h"
#include "compiler/linalg_forms.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {

/// dz = dy as if y were z; q is a constant.
SmallVector<Value> StraightThroughOp::vjp(OpBuilder &, ValueRange cotangents) {
  return {cotangents[0], Value()};
}

SmallVector<Value> StraightThroughOp::lower(OpBuilder &) { return {getQ()}; }

SmallVector<Literal> StraightThroughOp::evaluate(ArrayRef<Literal> operands, Evaluation &) {
  return {operands[1]};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/straight_through.cpp.inc"
