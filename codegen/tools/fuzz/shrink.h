// A failing program with as much taken away as can be.
#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace kerf::codegen::fuzz {

/// Takes results, ops and arguments away from the only function of `module` while `fails` holds,
/// which is asked at most `tries` times.
void shrink(mlir::OwningOpRef<mlir::ModuleOp> &module,
            llvm::function_ref<bool(mlir::ModuleOp)> fails, int tries);

} // namespace kerf::codegen::fuzz
