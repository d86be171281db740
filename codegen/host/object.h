// LLVM dialect => object: translation, exported functions and tables, optimisation, code.
#pragma once

#include "codegen/compiled.h"
#include "codegen/target.h"

#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

#include <memory>

namespace kerf::codegen {

class Backend;

/// An object that is being made: code of one target after the other, then tables.
class Object {
public:
  Object(llvm::StringRef name, Sanitizer sanitizer);
  ~Object();

  /// Adds the functions of `module`, which is in the LLVM dialect, for the backend's target, each
  /// under its name `in` the target. A constant is one with that of the same name.
  mlir::LogicalResult add(mlir::ModuleOp module, const Backend &backend);
  llvm::Module &code() { return *module; }
  /// Verifies and optimises. The bytes of an ELF object; what was added to code() by hand is for
  /// the last target that was added. Fails with a diagnostic at `location` if LLVM refuses it.
  mlir::FailureOr<std::string> write(mlir::Location location);

  static std::string nameIn(const Target &target, llvm::StringRef function) {
    return (function + "." + target.name).str();
  }

private:
  void optimize();

  llvm::LLVMContext context;
  const Sanitizer sanitizer;
  std::unique_ptr<llvm::Module> module;
  const Backend *base = nullptr; ///< of what has no target yet
  std::unique_ptr<llvm::TargetMachine> machine;
};

/// Adds what the artefact shows to the outside: a function and a kerf_entry per entry, a
/// kerf_block per role. Everything else becomes internal.
void addExports(llvm::Module &module, const Interface &interface, llvm::ArrayRef<Body> bodies);

} // namespace kerf::codegen
