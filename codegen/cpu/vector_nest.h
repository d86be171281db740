// Loop nests as vector code.
#pragma once

#include "codegen/schedule/loop_nest.h"

#include "mlir/IR/BuiltinOps.h"

namespace kerf::codegen::cpu {

/// Adds the function `symbol` that runs `nest`: a pointer per operand, offset included, then the
/// sizes that are returned.
mlir::FailureOr<llvm::SmallVector<int64_t>> generateNest(mlir::ModuleOp module,
                                                         llvm::StringRef symbol, const Nest &nest);

} // namespace kerf::codegen::cpu
