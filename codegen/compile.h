// From a module of entries to an object in memory. The steps in their order stand in compile.cpp.
#pragma once

#include "codegen/compiled.h"
#include "codegen/target.h"

#include "compiler/families/family.h"

namespace kerf::codegen {

/// Compiles the entries of `module` as the Builder emitted them: differentiates, lowers, plans
/// memory, makes code for each of `targets`, which were parsed. Consumes the module's contents.
/// Fails with diagnostics.
///
/// The object defines, for every entry, the function `<model>_<entry>` and its description
/// `<model>_<entry>_descriptor` (kerf_entry) with a body per target, and for every role
/// `<model>_<role>_block` (kerf_block). It needs `kerf_invoke` of the runtime, libc and libm. An
/// entry whose arena is larger than `maxArena` bytes is refused; 0 is what can be addressed, with a
/// warning from 16 GiB. With a sanitizer the program is linked with it.
mlir::FailureOr<Compiled> compile(mlir::ModuleOp module, llvm::ArrayRef<Target> targets,
                                  const compiler::FusionOptions &fusion = {}, uint64_t maxArena = 0,
                                  Sanitizer sanitizer = Sanitizer::none);

/// All dialects that `compile` reads or makes, with what bufferization and translation need.
void registerCodegen(mlir::DialectRegistry &registry);

} // namespace kerf::codegen
