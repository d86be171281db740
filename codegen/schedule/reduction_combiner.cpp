// Reductions that are one operation per element, of which several can go side by side.
#include "codegen/schedule/loop_nest.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace kerf::codegen {

static TypedAttr neutralOf(Operation *op) {
  Type type = op->getResult(0).getType();
  Builder b(op->getContext());
  auto real = [&](double value) -> TypedAttr { return b.getFloatAttr(type, value); };
  auto integer = [&](const APInt &value) -> TypedAttr { return b.getIntegerAttr(type, value); };
  double infinity = std::numeric_limits<double>::infinity();
  if (isa<arith::AddFOp>(op))
    return real(0);
  if (isa<arith::MulFOp>(op))
    return real(1);
  if (isa<arith::MaximumFOp>(op))
    return real(-infinity);
  if (isa<arith::MinimumFOp>(op))
    return real(infinity);
  if (!type.isInteger())
    return {};
  unsigned bits = type.getIntOrFloatBitWidth();
  if (isa<arith::AddIOp, arith::OrIOp, arith::XOrIOp>(op))
    return integer(APInt::getZero(bits));
  if (isa<arith::MulIOp>(op))
    return integer(APInt(bits, 1));
  if (isa<arith::AndIOp>(op))
    return integer(APInt::getAllOnes(bits));
  if (isa<arith::MaxSIOp>(op))
    return integer(APInt::getSignedMinValue(bits));
  if (isa<arith::MinSIOp>(op))
    return integer(APInt::getSignedMaxValue(bits));
  return {};
}

std::optional<Combination> combinationOf(linalg::GenericOp op) {
  if (op.getNumDpsInits() != 1)
    return std::nullopt;
  BlockArgument accumulator = op.getRegionOutputArgs().front();
  Operation *last = op.getBody()->getTerminator()->getOperand(0).getDefiningOp();
  if (!last || last->getBlock() != op.getBody() || last->getNumOperands() != 2 ||
      !accumulator.hasOneUse() || *accumulator.user_begin() != last)
    return std::nullopt;
  Combination result{last, last->getOperand(0) == accumulator ? 0u : 1u, neutralOf(last)};
  return result.neutral ? std::optional(result) : std::nullopt;
}

} // namespace kerf::codegen
