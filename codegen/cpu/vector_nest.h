// Loop nests as vector code.
#pragma once

#include "codegen/schedule/loop_nest.h"

#include "mlir/IR/BuiltinOps.h"

namespace kerf::codegen::cpu {

/// Adds the function `symbol` that runs `nest`: a pointer per operand, offset included, then
/// those of its numbers whose places are returned.
mlir::FailureOr<llvm::SmallVector<unsigned>> generateNest(mlir::ModuleOp module,
                                                          llvm::StringRef symbol, const Nest &nest);

} // namespace kerf::codegen::cpu
