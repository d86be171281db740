// Reductions that start from a constant, in place of the fill that stands before them.
#include "cpu/steps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;

namespace kerf::cpu {

/// The constant that fills all of the reduction's result right before; then `fill` need not run.
static TypedAttr startOf(linalg::GenericOp reduction, linalg::GenericOp &fill) {
  if (reduction.getNumDpsInits() != 1)
    return {};
  Value out = reduction.getDpsInits()[0];
  Operation *before = nullptr;
  for (Operation *user : out.getUsers()) {
    Operation *here = reduction->getBlock()->findAncestorOpInBlock(*user); // it may be in a loop
    if (here && here->isBeforeInBlock(reduction) && !isa<ViewLikeOpInterface>(user) &&
        (!before || before->isBeforeInBlock(here)))
      before = here;
  }
  fill = dyn_cast_or_null<linalg::GenericOp>(before);
  if (!fill || rootOf(out) != out || fill.getNumDpsInits() != 1 || fill.getDpsInits()[0] != out ||
      !fill.getIndexingMapsArray().back().isIdentity() || fill.getNumReductionLoops())
    return {};
  // Nobody may look at the buffer between the two, under another name either.
  for (Operation *view : out.getUsers())
    if (isa<ViewLikeOpInterface>(view))
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
  entry.walk([&](linalg::GenericOp op) {
    linalg::GenericOp fill;
    if (!op.getNumReductionLoops() || llvm::is_contained(op.getStaticLoopRanges(), 0))
      return;
    if (TypedAttr start = startOf(op, fill)) {
      starts.constants[op] = start;
      starts.skippedFills.insert(fill);
    }
  });
  return starts;
}

} // namespace kerf::cpu
