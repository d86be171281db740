// The hand-tuned families: each a folder here. A new one is a new folder and no edit: family.cpp,
// its entry in the list; passes.td, its passes; what else it needs. What all share: where each
// could have fused, and what came of it.
#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Location.h"
#include "mlir/Pass/PassManager.h"

#include <string>
#include <vector>

namespace kerf::compiler {

/// Why a place does not match: the constraint, the line that breaks it, the edit that would mend
/// it.
struct Misfit {
  mlir::Location where;
  std::string reason, edit;
};

/// A candidate root of a family, and whether it fused.
struct FusionOutcome {
  std::string family;
  std::string entry;            ///< the function that it is in
  mlir::Location root;          ///< of the op that the family ends in
  std::optional<Misfit> misfit; ///< none: it fused
};

/// Which families fuse, and whether every candidate is explained by a remark.
struct FusionOptions {
  std::vector<std::string> off; ///< families that stay, or become, plain ops
  bool explain = false;
  int64_t streamFrom = 262144; ///< scores: a softmax over fewer is not run by blocks of rows
  int64_t streamBlock = 32768; ///< scores that such a block has, about
};

/// What `compiler/families/<name>/family.cpp` says of a family.
struct Family {
  enum class Forms {
    before, ///< derivatives are taken: the fused op's own derivative runs
    after   ///< it: derivatives are plain ops, and may be part of what is fused
  };
  /// A rank: from it on, a family gets what is left, simplified.
  static constexpr int rest = 100;

  llvm::StringRef name; ///< of its folder; its ops say it by `Fused::family`
  Forms forms;
  int rank; ///< families of a lower rank have their roots first
  void (*form)(mlir::OpPassManager &pm, const FusionOptions &fusion); ///< adds its passes
  void (*registerPasses)();                                           ///< by their names
  /// Adds the passes by which ops that no kernel takes become plain, when derivatives are taken.
  void (*leave)(mlir::OpPassManager &pm) = nullptr;
};

/// Every family, in the order of their ranks, then of their names.
llvm::ArrayRef<const Family *> families();
/// Their names, in that order.
std::vector<std::string> familyNames();

/// Notes `outcome` on `module` (attribute `kerf.fusion`); a remark at its root if `explain`.
void record(mlir::ModuleOp module, const FusionOutcome &outcome, bool explain);

/// What has been noted on `module`, in program order per family.
std::vector<FusionOutcome> fusionOutcomes(mlir::ModuleOp module);

/// "/home/me/models/vqvae/vqvae.h:71"; empty if no line is known.
std::string lineOf(mlir::Location location);

/// lineOf with the file and its folder only: "vqvae/vqvae.h:71", wherever the tree lies.
std::string shortLine(mlir::Location location);

} // namespace kerf::compiler
