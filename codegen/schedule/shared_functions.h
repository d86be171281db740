// Functions that a module's entries share.
#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

#include <map>

namespace kerf::codegen {

/// Functions of equal text are one.
class SharedFunctions {
public:
  explicit SharedFunctions(mlir::ModuleOp module) : module(module) {}

  /// The function that `write` adds to the module under the name that it is given, or the one that
  /// is there and says the same. A new one is called `symbol`, or the like where that is taken.
  /// Fails if `write` does.
  mlir::FailureOr<mlir::StringAttr>
  function(llvm::StringRef symbol, llvm::function_ref<mlir::LogicalResult(llvm::StringRef)> write);
  /// How many there are.
  size_t size() const { return known.size(); }

private:
  mlir::ModuleOp module;
  unsigned drafts = 0;
  std::map<std::string, mlir::StringAttr> known; ///< by text
};

} // namespace kerf::codegen
