// What a target must bring: its kernels, how a loop nest becomes code, and what its machine is. A
// backend is a folder beside schedule/ and host/, which know none of them by name.
#pragma once

#include "codegen/schedule/kernel.h"
#include "codegen/schedule/loop_nest.h"
#include "codegen/target.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Target/TargetMachine.h"

#include <memory>

namespace kerf::codegen {

class Backend {
public:
  explicit Backend(Target target) : target(std::move(target)) {}
  virtual ~Backend() = default;

  virtual llvm::ArrayRef<Kernel> kernels() const = 0;
  /// Null if it has none of this name.
  const Kernel *kernel(llvm::StringRef name) const;

  /// How many elements of an innermost loop are computed at once, at least: what fusion weighs
  /// repeated work with.
  virtual int64_t elementsAtOnce() const = 0;
  /// Adds the function `symbol` that runs the loops of `nest`: it takes a pointer per operand,
  /// offset included, then as i64 those of its `numbersOf` (open_sizes.h) whose places are
  /// returned. Fails with a diagnostic.
  virtual mlir::FailureOr<llvm::SmallVector<unsigned>>
  generateNest(mlir::ModuleOp module, llvm::StringRef symbol, const Nest &nest) const = 0;

  /// The dialects that its functions are written in, beside scf, arith and llvm.
  virtual void registerDialects(mlir::DialectRegistry &registry) const = 0;
  /// Ops of these dialects as simpler ones, before anything is lowered.
  virtual void populateExpansion(mlir::RewritePatternSet &patterns) const = 0;
  /// These dialects => llvm, on functions without structured control flow.
  virtual void addLowering(mlir::OpPassManager &pm) const = 0;

  /// LLVM's code generator. Null and `error` set if LLVM has none.
  virtual std::unique_ptr<llvm::TargetMachine> machine(std::string &error) const = 0;
  /// What optimisation has to know of the functions that the TargetMachine does not say.
  virtual void describe(llvm::Function &function) const = 0;
  virtual llvm::PipelineTuningOptions tuning() const = 0;
  /// What has to be done to code before LLVM's ThreadSanitizer, so that it sees every access.
  virtual void addBeforeSanitizer(llvm::ModulePassManager &pm) const = 0;
  /// What the code needs of the machine, as bits of kerf_body.
  virtual uint64_t features() const = 0;

  const Target target;
};

/// One for each target. The targets of an artefact share all that is decided before code is
/// written, its memory too: backends of one folder have the same kernels, with the same forms and
/// scratch.
std::vector<std::unique_ptr<Backend>> makeBackends(const Sharing &sharing = {});
/// Of a target that was parsed.
std::unique_ptr<Backend> backendFor(const Target &target);

} // namespace kerf::codegen
