// LLVM dialect => object: translation, exported functions and tables, optimisation, code.
#pragma once

#include "codegen/signature.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/IR/Module.h"

namespace kerf::codegen {

class Backend;

/// Adds what the artefact shows to the outside: a function and a kerf_entry per entry, a
/// kerf_block per role. Everything else becomes internal.
void addExports(llvm::Module &module, const Interface &interface, const Backend &backend);

/// The bytes of an ELF object of `module`, named `name`. `finish` may add to the LLVM module before
/// it is verified and optimised. Fails with a diagnostic at `module` if LLVM refuses it.
mlir::FailureOr<std::string> makeObject(mlir::ModuleOp module, llvm::StringRef name,
                                        const Backend &backend,
                                        llvm::function_ref<void(llvm::Module &)> finish);

} // namespace kerf::codegen
