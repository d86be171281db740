#include "compiler/ops/normal.h"
#include "compiler/draw.h"
#include "compiler/oracle/philox.h"

#include <cmath>
#include <numbers>

using namespace mlir;

namespace kerf::compiler {

LogicalResult NormalOp::verify() { return verifyOneDraw(cast<Draw>(getOperation())); } // C1

/// Keys and offsets are integers: nothing flows to them.
SmallVector<Value> NormalOp::vjp(OpBuilder &, ValueRange) { return {Value(), Value()}; }

SmallVector<Literal> NormalOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  const auto &ints = operands[0].ints();
  const std::array<uint32_t, 2> key{uint32_t(ints[0]), uint32_t(ints[1])};
  const uint64_t offset = operands[1].ints()[0];
  Literal y(getY().getType());
  for (auto [i, value] : llvm::enumerate(y.floats())) {
    const uint64_t j = offset + i, even = j & ~uint64_t(1);
    const double u =
        philoxUniform(philoxWord(key, even)) + 0x1p-24; // in (0, 1], so log(u) is finite
    const double angle = 2 * std::numbers::pi * philoxUniform(philoxWord(key, even + 1));
    const double radius = std::sqrt(-2 * std::log(u));
    value = evaluation.round(radius * (j == even ? std::cos(angle) : std::sin(angle)),
                             getY().getType().getElementType());
  }
  return {y};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/normal.cpp.inc"
