// For tests: an entry also returns what every decision on its way was.
#include "compiler/pipeline.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include "compiler/oracle/evaluate.h"

using namespace mlir;

namespace kerf::compiler {
#define GEN_PASS_DEF_EXPOSEDECISIONS
#include "compiler/passes.h.inc"

namespace {

/// The role of a function's decisions: as leaves of one tree there may be any number of them. Roles
/// are shared by entries of a module, and these are not.
std::string roleOf(func::FuncOp function) {
  std::string role = "decisions_";
  for (char c : function.getName())
    role += llvm::isAlnum(c) ? std::string(1, c) : "_" + llvm::utohexstr(uint8_t(c));
  return role;
}

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
    const StringAttr role = builder.getStringAttr(roleOf(function));
    for (auto [n, decision] : llvm::enumerate(decisionsOf(function))) {
      results.push_back(decision->getResult(0));
      types.push_back(decision->getResult(0).getType());
      attributes.push_back(builder.getDictionaryAttr(
          {builder.getNamedAttr("kerf.name", builder.getStringAttr("d" + Twine(n))),
           builder.getNamedAttr("kerf.role", role)}));
    }
    terminator->setOperands(results);
    function.setType(builder.getFunctionType(function.getArgumentTypes(), types));
    function.setAllResultAttrs(attributes);
  }
};

} // namespace
} // namespace kerf::compiler
