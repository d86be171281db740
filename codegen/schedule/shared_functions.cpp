#include "codegen/schedule/shared_functions.h"

using namespace mlir;

namespace kerf::codegen {

FailureOr<StringAttr>
SharedFunctions::function(StringRef symbol, llvm::function_ref<LogicalResult(StringRef)> write) {
  const std::string draft = (symbol + "_draft_" + Twine(drafts++)).str(); // kernels call kernels
  if (failed(write(draft)))
    return failure();
  auto function = module.lookupSymbol<func::FuncOp>(draft);
  function.setSymName("draft");
  std::string text;
  llvm::raw_string_ostream out(text);
  function.print(out, OpPrintingFlags().useLocalScope().assumeVerified());
  StringAttr &name = known[text];
  if (name) {
    function.erase();
    return name;
  }
  std::string free = symbol.str();
  for (unsigned number = 1; module.lookupSymbol(free); ++number)
    free = (symbol + "_" + Twine(number)).str();
  name = StringAttr::get(module.getContext(), free);
  function.setSymName(name);
  return name;
}

} // namespace kerf::codegen
