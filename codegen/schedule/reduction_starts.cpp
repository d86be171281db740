// Reductions that start from a constant, in place of the fill that stands before them.
#include "codegen/schedule/liveness.h"
#include "codegen/schedule/steps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;

namespace kerf::codegen {

/// The constant that fills all of the reduction's result right before; then `fill` need not run.
static TypedAttr startOf(linalg::GenericOp reduction, const Accesses &accesses,
                         linalg::GenericOp &fill) {
  if (reduction.getNumDpsInits() != 1)
    return {};
  Value out = reduction.getDpsInits()[0];
  if (rootOf(out) != out || accesses.hasViews(out))
    return {};
  fill = dyn_cast_or_null<linalg::GenericOp>(accesses.lastBefore(out, reduction));
  if (!fill || fill->getBlock() != reduction->getBlock() || fill.getNumDpsInits() != 1 ||
      fill.getDpsInits()[0] != out || !fill.getIndexingMapsArray().back().isIdentity() ||
      fill.getNumReductionLoops())
    return {};
  Value value = fill.getBody()->getTerminator()->getOperand(0);
  if (auto argument = dyn_cast<BlockArgument>(value);
      argument && argument.getOwner() == fill.getBody() &&
      argument.getArgNumber() < fill.getNumDpsInputs())
    value = fill.getDpsInputs()[argument.getArgNumber()];
  auto constant = value.getDefiningOp<arith::ConstantOp>();
  if (!constant || isa<ShapedType>(constant.getType()))
    return {};
  return constant.getValue();
}

Starts findStarts(func::FuncOp entry) {
  Starts starts;
  Accesses accesses(entry);
  entry.walk([&](linalg::GenericOp op) {
    linalg::GenericOp fill;
    if (!op.getNumReductionLoops() || llvm::is_contained(op.getStaticLoopRanges(), 0))
      return;
    if (TypedAttr start = startOf(op, accesses, fill)) {
      starts.constants[op] = start;
      starts.skippedFills.insert(fill);
    }
  });
  return starts;
}

} // namespace kerf::codegen
