// Arithmetic on narrow numbers => the same op on f32 or i32, between casts.
#include "compiler/pipeline.h"

#include "compiler/dialect.h"
#include "compiler/narrow.h"
#include "compiler/ops/cast.h"
#include "compiler/val.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;

namespace kerf::compiler {
#define GEN_PASS_DEF_WIDENNARROW
#include "compiler/passes.h.inc"

namespace {

bool hasNarrow(TypeRange types) { return llvm::any_of(types, isNarrow); }

/// Casts to and from a narrow float go by f32; others are as they are.
bool isDone(CastOp op) {
  const Type from = op.getX().getType().getElementType(), to = op.getType().getElementType();
  const bool narrows = isNarrowFloat(from) || isNarrowFloat(to);
  return !narrows || from.isF32() || to.isF32();
}

/// Is this one whose numbers are computed with?
bool computes(Operation *op) {
  if (!isa_and_nonnull<KerfDialect>(op->getDialect()) || op->hasTrait<Moves>() ||
      op->hasTrait<OpTrait::IsTerminator>() || op->getNumRegions() > 0)
    return false;
  return hasNarrow(op->getOperandTypes()) || hasNarrow(op->getResultTypes());
}

void widen(CastOp op) {
  OpBuilder b(op);
  const Val x(b, op.getLoc(), op.getX());
  op.replaceAllUsesWith(cast(cast(x, b.getF32Type()), op.getType().getElementType()).value);
  op.erase();
}

void widen(Operation *op) {
  OpBuilder b(op);
  for (OpOperand &operand : op->getOpOperands())
    if (isNarrow(operand.get().getType()))
      operand.set(cast(Val(b, op->getLoc(), operand.get()), wideOf(operand.get().getType())));
  b.setInsertionPointAfter(op);
  for (OpResult result : op->getResults()) {
    auto type = llvm::cast<RankedTensorType>(result.getType());
    if (!isNarrow(type))
      continue;
    result.setType(type.clone(wideOf(type)));
    const Val narrow = cast(Val(b, op->getLoc(), result), type.getElementType());
    result.replaceAllUsesExcept(narrow, narrow.value.getDefiningOp());
  }
}

struct WidenNarrow : impl::WidenNarrowBase<WidenNarrow> {
  using WidenNarrowBase::WidenNarrowBase;

  void runOnOperation() override {
    auto hasRegion = [](Operation &op) { return op.getNumRegions() > 0; };
    if (differentiated && llvm::none_of(getOperation().getOps(), hasRegion))
      return;
    SmallVector<Operation *> ops;
    getOperation().walk([&](Operation *op) {
      if (computes(op))
        ops.push_back(op);
    });
    for (Operation *op : ops)
      if (auto cast = dyn_cast<CastOp>(op)) {
        if (!isDone(cast))
          widen(cast);
      } else {
        widen(op);
      }
  }
};

} // namespace
} // namespace kerf::compiler
