#include "compiler/ops/uniform.h"
#include "compiler/draw.h"
#include "compiler/oracle/philox.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult UniformOp::verify() { return verifyOneDraw(cast<Draw>(getOperation())); } // C1

/// Keys and offsets are integers: nothing flows to them.
SmallVector<Value> UniformOp::vjp(OpBuilder &, ValueRange) { return {Value(), Value()}; }

SmallVector<Literal> UniformOp::evaluate(ArrayRef<Literal> operands, Evaluation &) {
  const auto &key = operands[0].ints();
  const uint64_t offset = operands[1].ints()[0];
  Literal y(getY().getType());
  for (auto [i, value] : llvm::enumerate(y.floats()))
    value = philoxUniform(philoxWord({uint32_t(key[0]), uint32_t(key[1])}, offset + i));
  return {y};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/uniform.cpp.inc"
