// The order of the compiler's passes, and a look at what each phase made.
#pragma once

#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include "compiler/families/family.h"

#include <functional>

namespace kerf::compiler {

#define GEN_PASS_DECL
#include "compiler/passes.h.inc"

/// Kerf's and upstream's dialects that the compiler reads and makes.
void registerDialects(mlir::DialectRegistry &registry);

/// Makes the passes known by their names (`-kerf-lower`, and `-kerf-compile` for all of them).
void registerPasses();

/// Entries as emitted => linalg on tensors, and kerf ops that have a kernel.
void buildPipeline(mlir::OpPassManager &pm, const FusionOptions &fusion = {});

using FamilyList = llvm::ArrayRef<const Family *>;

/// The part of it that ends in straight-line kerf ops: what the oracle evaluates. Families that
/// form before derivatives are taken have formed, and those that are off have become plain ops.
void buildDifferentiation(mlir::OpPassManager &pm, const FusionOptions &fusion = {},
                          FamilyList list = families());

/// The same without folding or fusing: what is evaluated is what was written, in the types that an
/// entry's policy gives it. Narrow numbers are widened where derivatives are taken.
void buildEvaluation(mlir::OpPassManager &pm);

/// Fused ops of families that form before derivatives are taken, and nothing else.
void buildForms(mlir::OpPassManager &pm, const FusionOptions &fusion);

/// The part behind it: fused ops of the other families, plain ops for those that are off.
void buildFusion(mlir::OpPassManager &pm, const FusionOptions &fusion,
                 FamilyList list = families());

/// Does `KERF_PRINT` (comma-separated: emit, differentiate, families, lower, fuse, buffers, loops,
/// llvm) name this phase?
bool isPrinted(llvm::StringRef phase);

/// Prints `module` to stderr under the phase's name if KERF_PRINT asks for it. Values carry the
/// names of the modules that made them. Of companions nothing is said.
void printPhase(llvm::StringRef phase, mlir::ModuleOp module);

/// Has `observer` told of every phase that is complete, printed or not: a worker that dies can then
/// say how far it came.
void observePhases(std::function<void(llvm::StringRef)> observer);

/// printPhase as a pass.
std::unique_ptr<mlir::Pass> createPrintPhase(llvm::StringRef phase);

} // namespace kerf::compiler
