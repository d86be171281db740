// What LLVM's ThreadSanitizer has to be told of code for CPUs.
#pragma once

#include "llvm/IR/PassManager.h"

namespace kerf::codegen::cpu {

/// ThreadSanitizer's pass takes accesses of 1, 2, 4, 8 and 16 bytes, and says nothing where it
/// leaves one out: a register of 32 or 64 bytes, a masked one. This one stands before it and calls
/// its library for the others; code that it cannot read ends the compiler.
struct SanitizeWideAccesses : llvm::PassInfoMixin<SanitizeWideAccesses> {
  llvm::PreservedAnalyses run(llvm::Function &function, llvm::FunctionAnalysisManager &);
  static bool isRequired() { return true; }
};

} // namespace kerf::codegen::cpu
