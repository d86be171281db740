// LLVM dialect => object: translation, exported functions and tables, optimisation, code.
#pragma once

#include "cpu/interface.h"
#include "target.h"

#include "llvm/IR/Module.h"

namespace kerf::cpu {

/// Adds what the artefact shows to the outside: a function and a kerf_entry per entry, a
/// kerf_block per role. Everything else becomes internal.
void addExports(llvm::Module &module, const Interface &interface, const Target &target);

/// Fails with a diagnostic at `module` if LLVM refuses it.
mlir::FailureOr<std::string> makeObject(mlir::ModuleOp module, const Interface &interface,
                                        const Target &target);

} // namespace kerf::cpu
