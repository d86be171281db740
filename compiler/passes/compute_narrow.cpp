// Products in the narrow type that an entry's policy names, before derivatives are taken.
#include "compiler/pipeline.h"

#include "compiler/narrow.h"
#include "compiler/val.h"

#include "compiler/ops/abs.h"
#include "compiler/ops/add.h"
#include "compiler/ops/argmin.h"
#include "compiler/ops/argsort.h"
#include "compiler/ops/broadcast.h"
#include "compiler/ops/cast.h"
#include "compiler/ops/contract.h"
#include "compiler/ops/conv.h"
#include "compiler/ops/conv_filter.h"
#include "compiler/ops/conv_transpose.h"
#include "compiler/ops/maximum.h"
#include "compiler/ops/minimum.h"
#include "compiler/ops/mul.h"
#include "compiler/ops/neg.h"
#include "compiler/ops/sub.h"
#include "compiler/ops/top_k.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;

namespace kerf::compiler {
#define GEN_PASS_DEF_COMPUTENARROW
#include "compiler/passes.h.inc"

namespace {

bool isF32(Value x) { return getElementTypeOrSelf(x).isF32(); }

/// What x is in the narrow type, if it is nothing but that widened.
Value narrowSource(Value x, Type narrow) {
  auto wide = x.getDefiningOp<CastOp>();
  return wide && getElementTypeOrSelf(wide.getX()) == narrow ? wide.getX() : Value();
}

/// Products of which a narrow type loses nothing that training needs.
bool isProduct(Operation *op) { return isa<ContractOp, ConvOp, ConvTransposeOp, ConvFilterOp>(op); }

/// Counts and choices, cast to floats: what they are multiplied with are statistics.
bool isCount(Value x) {
  while (Operation *op = x.getDefiningOp()) {
    if (auto number = dyn_cast<CastOp>(op))
      return !isa<FloatType>(getElementTypeOrSelf(number.getX()));
    if (!op->hasTrait<View>() && !isa<BroadcastOp>(op))
      return false;
    x = op->getOperand(0);
  }
  return false;
}

/// Does x lead to a choice among its elements, and to nothing else? Distances to codes do.
bool onlyChooses(Value x) {
  SmallVector<Value> open = {x};
  DenseSet<Value> seen;
  bool chooses = false;
  while (!open.empty()) {
    const Value value = open.pop_back_val();
    for (Operation *user : value.getUsers()) {
      if (isa<ArgminOp, ArgsortOp, TopKOp>(user)) {
        chooses = true;
        continue;
      }
      if (!user->hasTrait<Elementwise>() && !user->hasTrait<Moves>())
        return false;
      if (seen.insert(user->getResult(0)).second)
        open.push_back(user->getResult(0));
    }
  }
  return chooses;
}

/// Of numbers that all are narrow these stay so: they are one rounding each, or none.
bool staysNarrow(Operation *op) {
  return op->hasTrait<Moves>() || isa<AddOp, SubOp, MulOp, NegOp, AbsOp, MaximumOp, MinimumOp>(op);
}

/// Is x a constant of equal elements that the narrow type has?
bool isExactConstant(Value x, Type narrow) {
  const std::optional<Literal> number = onlyElement(constantOf(x));
  Evaluation typed;
  typed.mode = Evaluation::Mode::as_typed;
  return number && typed.round(number->floats()[0], narrow) == number->floats()[0];
}

/// A row for each output of a product, which is added to it: a part of the layer. How often it is
/// repeated, once where a batch is of one, does not matter.
bool isBias(Value x) { return x.getDefiningOp<BroadcastOp>() && isF32(x); }

struct ComputeNarrow : impl::ComputeNarrowBase<ComputeNarrow> {
  void runOnOperation() override {
    auto policy = getOperation()->getAttrOfType<TypeAttr>("kerf.compute");
    if (!policy)
      return;
    narrow = policy.getValue();
    if (!isNarrowFloat(narrow)) {
      getOperation().emitError("computes in ") << narrow << ", but a policy is bf16 or f16";
      return signalPassFailure();
    }
    SmallVector<Operation *> ops;
    getOperation().walk<WalkOrder::PreOrder>([&](Operation *op) { ops.push_back(op); });
    for (Operation *op : ops)
      if (op->getNumRegions() == 0 && op->getNumResults() == 1 && isF32(op->getResult(0)) &&
          (isNarrowProduct(op) || isNarrowElementwise(op)))
        compute(op);
    getOperation()->removeAttr("kerf.compute"); // it is as the policy wants it
  }

private:
  bool isNarrowProduct(Operation *op) {
    return isProduct(op) && llvm::none_of(op->getOperands(), isCount) &&
           !onlyChooses(op->getResult(0));
  }

  bool isNarrowElementwise(Operation *op) {
    if (!staysNarrow(op))
      return false;
    bool some = false;
    for (Value x : op->getOperands()) {
      if (!isF32(x))
        continue; // a condition, an index
      if (narrowSource(x, narrow))
        some = true;
      else if (!isExactConstant(x, narrow) && !(isa<AddOp>(op) && isBias(x)))
        return false;
    }
    return some;
  }

  /// y = op(x ...)  =>  y = widen(op(narrow(x) ...))
  void compute(Operation *op) {
    OpBuilder b(op);
    for (OpOperand &operand : op->getOpOperands()) {
      if (!isF32(operand.get()))
        continue;
      const Value source = narrowSource(operand.get(), narrow);
      operand.set(source ? source : cast(Val(b, op->getLoc(), operand.get()), narrow).value);
    }
    OpResult result = op->getResult(0);
    auto type = llvm::cast<RankedTensorType>(result.getType());
    op->getResult(0).setType(type.clone(narrow));
    b.setInsertionPointAfter(op);
    const Val wide = cast(Val(b, op->getLoc(), result), type.getElementType());
    result.replaceAllUsesExcept(wide.value, wide.value.getDefiningOp());
  }

  Type narrow;
};

} // namespace
} // namespace kerf::compiler
