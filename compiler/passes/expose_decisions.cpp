// For tests: an entry also returns what every argmin and compare on its way chose.
#include "pipeline.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include "evaluate.h"

using namespace mlir;

namespace kerf {
#define GEN_PASS_DEF_EXPOSEDECISIONS
#include "compiler/passes.h.inc"

namespace {

struct ExposeDecisions : impl::ExposeDecisionsBase<ExposeDecisions> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (!function->hasAttr("kerf.entry") || function.isExternal())
      return;
    Builder builder(&getContext());
    Operation *terminator = function.getBody().front().getTerminator();
    SmallVector<Value> results(terminator->getOperands());
    SmallVector<Type> types(function.getResultTypes());
    SmallVector<DictionaryAttr> attributes;
    for (unsigned i = 0; i < types.size(); ++i)
      attributes.push_back(function.getResultAttrDict(i));
    for (auto [n, decision] : llvm::enumerate(decisionsOf(function))) {
      results.push_back(decision->getResult(0));
      types.push_back(decision->getResult(0).getType());
      attributes.push_back(builder.getDictionaryAttr(
          builder.getNamedAttr("kerf.name", builder.getStringAttr("decision." + Twine(n)))));
      ++numExposed;
    }
    terminator->setOperands(results);
    function.setType(builder.getFunctionType(function.getArgumentTypes(), types));
    function.setAllResultAttrs(attributes);
  }
};

} // namespace
} // namespace kerf
