#include "codegen/tools/fuzz/shrink.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include <functional>

using namespace mlir;

namespace kerf::codegen::fuzz {

namespace {

func::FuncOp onlyFunction(ModuleOp module) { return *module.getOps<func::FuncOp>().begin(); }

/// Ops of the function and of regions in it, in order, without those that end blocks.
SmallVector<Operation *> opsOf(ModuleOp module) {
  SmallVector<Operation *> ops;
  onlyFunction(module).getBody().walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (!op->hasTrait<OpTrait::IsTerminator>())
      ops.push_back(op);
  });
  return ops;
}

void dropDead(ModuleOp module) {
  for (bool changed = true; changed;) {
    changed = false;
    const SmallVector<Operation *> ops = opsOf(module);
    for (Operation *op : llvm::reverse(ops))
      if (isOpTriviallyDead(op)) {
        op->erase();
        changed = true;
        break;
      }
  }
}

/// Keeps the results of which `kept` is true.
void keepResults(func::FuncOp function, const BitVector &kept) {
  Operation *end = function.getBody().front().getTerminator();
  BitVector dropped = kept;
  dropped.flip();
  end->eraseOperands(dropped);
  (void)function.eraseResults(dropped);
}

/// One change of a copy; false where there is nothing to change.
using Edit = std::function<bool(ModuleOp)>;

/// Edits that take one thing away, those that take much first.
SmallVector<Edit> editsOf(ModuleOp module) {
  SmallVector<Edit> edits;
  func::FuncOp function = onlyFunction(module);
  const unsigned numResults = function.getNumResults();
  for (unsigned i = 0; numResults > 1 && i < numResults; ++i)
    edits.push_back([=](ModuleOp copy) {
      BitVector kept(numResults);
      kept.set(i);
      keepResults(onlyFunction(copy), kept);
      return true;
    });
  for (unsigned i = 0; numResults > 1 && i < numResults; ++i)
    edits.push_back([=](ModuleOp copy) {
      BitVector kept(numResults, true);
      kept.reset(i);
      keepResults(onlyFunction(copy), kept);
      return true;
    });
  // An op's results become arguments, an operand, or a constant.
  const size_t numOps = opsOf(module).size();
  auto replacing = [&](size_t i, std::function<Value(OpBuilder &, Value)> other) {
    edits.push_back([=](ModuleOp copy) {
      Operation *op = opsOf(copy)[i];
      OpBuilder b(op);
      for (Value result : op->getResults()) {
        Value value = other(b, result);
        if (!value)
          return false;
        result.replaceAllUsesWith(value);
      }
      return true;
    });
  };
  for (size_t i = numOps; i-- > 0;) {
    if (isa<arith::ConstantOp>(opsOf(module)[i]))
      continue;
    replacing(i, [](OpBuilder &b, Value result) -> Value {
      auto function = dyn_cast<func::FuncOp>(result.getDefiningOp()->getParentOp());
      if (!function)
        return {};
      const unsigned number = function.getNumArguments();
      Value argument = function.getBody().front().addArgument(result.getType(), result.getLoc());
      SmallVector<Type> types(function.getArgumentTypes());
      types.push_back(result.getType());
      SmallVector<DictionaryAttr> attributes;
      for (unsigned i = 0; i < number; ++i)
        attributes.push_back(function.getArgAttrDict(i));
      static int count = 0;
      attributes.push_back(b.getDictionaryAttr(
          b.getNamedAttr("kerf.name", b.getStringAttr("shrunk" + Twine(count++)))));
      function.setType(b.getFunctionType(types, function.getResultTypes()));
      function.setAllArgAttrs(attributes);
      return argument;
    });
    replacing(i, [](OpBuilder &, Value result) -> Value {
      for (Value operand : result.getDefiningOp()->getOperands())
        if (operand.getType() == result.getType())
          return operand;
      return {};
    });
    replacing(i, [](OpBuilder &b, Value result) -> Value {
      auto type = cast<RankedTensorType>(result.getType());
      Attribute one = isa<FloatType>(type.getElementType())
                          ? Attribute(FloatAttr::get(type.getElementType(), 0.5))
                          : IntegerAttr::get(type.getElementType(), 1);
      return arith::ConstantOp::create(b, result.getLoc(), DenseElementsAttr::get(type, one));
    });
  }
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    if (function.getArgument(i).use_empty())
      edits.push_back(
          [=](ModuleOp copy) { return succeeded(onlyFunction(copy).eraseArgument(i)); });
  return edits;
}

} // namespace

void shrink(OwningOpRef<ModuleOp> &module, llvm::function_ref<bool(ModuleOp)> fails, int tries) {
  for (bool changed = true; changed;) {
    changed = false;
    for (const Edit &edit : editsOf(*module)) {
      OwningOpRef<ModuleOp> copy = module->clone();
      if (!edit(*copy))
        continue;
      dropDead(*copy);
      if (failed(verify(*copy)))
        continue;
      if (--tries < 0)
        return;
      if (!fails(*copy))
        continue;
      module = std::move(copy);
      changed = true;
      break;
    }
  }
}

} // namespace kerf::codegen::fuzz
