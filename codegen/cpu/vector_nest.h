// Loop nests as shared functions of vector code.
#pragma once

#include "codegen/schedule/loop_nest.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <map>

namespace kerf::codegen::cpu {

/// Makes the functions `kerf_loop_<n>`; equal nests share one.
class Loops {
public:
  explicit Loops(mlir::ModuleOp module) : module(module) {}

  struct Call {
    mlir::StringAttr function;
    llvm::SmallVector<int64_t> sizes; ///< i64 arguments behind the pointers
  };
  /// The function of `nest`: a pointer per operand (offset included), then `sizes`.
  mlir::FailureOr<Call> function(const Nest &nest);

private:
  mlir::ModuleOp module;
  std::map<std::string, mlir::StringAttr> known; ///< by text
};

} // namespace kerf::codegen::cpu
