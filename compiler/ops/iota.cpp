#include "compiler/ops/iota.h"
#include "compiler/linalg_forms.h"

#include <numeric>

using namespace mlir;

namespace kerf::compiler {

LogicalResult IotaOp::verify() {
  if (getType().getRank() != 1) // C1
    return emitOpError("y has one axis, not ") << getType().getRank() << ": " << getType();
  return success();
}

SmallVector<Value> IotaOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange) -> Value {
    return arith::IndexCastOp::create(b, loc, b.getI64Type(), linalg::IndexOp::create(b, loc, 0));
  });
}

SmallVector<Literal> IotaOp::evaluate(ArrayRef<Literal>, Evaluation &) {
  Literal y(getType());
  std::iota(y.ints().begin(), y.ints().end(), 0);
  return {y};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/iota.cpp.inc"
