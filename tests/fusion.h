// Which families fused in the entries of a model, and why the others did not: as assertions.
#pragma once

#include "compiler/families/family.h"
#include "compiler/pipeline.h"

#include "mlir/Parser/Parser.h"

#include <catch2/catch.hpp>

namespace kerf::test {

/// One entry of a module, as far as the fused ops; or all of them.
class Fusion {
public:
  /// `file`: a <model>.mlir.
  Fusion(const std::string &file, llvm::StringRef entry = "")
      : context(registry(), mlir::MLIRContext::Threading::DISABLED) {
    auto module = mlir::parseSourceFile<mlir::ModuleOp>(file, &context);
    REQUIRE(module);
    for (auto function : llvm::make_early_inc_range(module->getOps<mlir::func::FuncOp>()))
      if (!entry.empty() && function.getName() != entry)
        function.erase();
    mlir::PassManager pm(&context);
    compiler::buildDifferentiation(pm);
    compiler::buildFusion(pm, {});
    REQUIRE(mlir::succeeded(pm.run(*module)));
    for (const compiler::FusionOutcome &outcome : compiler::fusionOutcomes(*module))
      if (entry.empty() || entry == outcome.entry)
        outcomes.push_back(outcome);
    module->walk([&](mlir::Operation *op) {
      for (mlir::Type type : op->getResultTypes())
        if (auto tensor = mlir::dyn_cast<mlir::RankedTensorType>(type))
          sizes.insert(tensor.getNumElements());
    });
  }

  /// Does the entry, fused, make an array of this many elements?
  bool makes(int64_t elements) const { return sizes.contains(elements); }

  int fused(llvm::StringRef family) const {
    return int(llvm::count_if(outcomes, [&](const compiler::FusionOutcome &outcome) {
      return outcome.family == family && !outcome.misfit;
    }));
  }
  /// Everything that did not fuse, a line each: "models/m.h:7: vq: <reason>".
  std::string misses(llvm::StringRef family) const {
    std::string text;
    for (const compiler::FusionOutcome &outcome : outcomes)
      if (outcome.family == family && outcome.misfit)
        text += compiler::lineOf(outcome.misfit->where) + ": " + outcome.family + ": " +
                outcome.misfit->reason + "\n";
    return text;
  }

private:
  static mlir::DialectRegistry registry() {
    mlir::DialectRegistry registry;
    compiler::registerDialects(registry);
    return registry;
  }

  mlir::MLIRContext context;
  std::vector<compiler::FusionOutcome> outcomes;
  llvm::DenseSet<int64_t> sizes;
};

} // namespace kerf::test

// Both speak of the `fusion` in scope.

/// The family fused `count` times, and no candidate of it was left.
#define EXPECT_FUSED(family, count)                                                                \
  do {                                                                                             \
    CHECK(fusion.fused(#family) == (count));                                                       \
    CHECK(fusion.misses(#family) == "");                                                           \
  } while (false)

/// A candidate of the family did not fuse, for a reason that contains `reason`.
#define EXPECT_MISSED(family, reason)                                                              \
  CHECK_THAT(fusion.misses(#family), Catch::Matchers::Contains(reason))
