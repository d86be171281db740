#include "compiler/ops/count.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult CountOp::verify() {
  if (getType().getRank() != 0) // C1
    return emitOpError("y is a scalar, not ") << getType();
  return success();
}

SmallVector<Literal> CountOp::evaluate(ArrayRef<Literal>, Evaluation &evaluation) {
  Literal y(getType());
  if (isa<FloatType>(getType().getElementType()))
    y.floats()[0] = evaluation.round(double(getNumber()), getType().getElementType());
  else
    y.ints()[0] = getNumber();
  return {y};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/count.cpp.inc"
