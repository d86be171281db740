// Functions of a model and the formulas beside them, by name: what both give for the same inputs.
#pragma once

#include "codegen/tools/compare.h"
#include "codegen/tools/inputs.h"
#include "compiler/pipeline.h"

#include "mlir/Parser/Parser.h"

#include <catch2/catch.hpp>

namespace kerf::test {

/// The functions of a file, evaluated.
class Forms {
public:
  explicit Forms(const char *file) : context(registry(), mlir::MLIRContext::Threading::DISABLED) {
    module = mlir::parseSourceFile<mlir::ModuleOp>(file, &context);
    REQUIRE(module);
    mlir::PassManager pm(&context);
    pm.addNestedPass<mlir::func::FuncOp>(compiler::createDifferentiate());
    REQUIRE(mlir::succeeded(pm.run(*module)));
  }

  /// The forms that have a formula beside them.
  std::vector<std::string> names() {
    std::vector<std::string> names;
    for (auto function : module->getOps<mlir::func::FuncOp>())
      if (function.getName().ends_with(suffix))
        names.push_back(function.getName().drop_back(strlen(suffix)).str());
    return names;
  }

  struct Result {
    std::string name;
    compiler::Literal value;
  };
  /// `inputs` are those of the form, also for its formula.
  std::vector<Result> run(const std::string &name, const std::vector<compiler::Literal> &inputs,
                          compiler::Evaluation::Mode mode = compiler::Evaluation::Mode::f64) {
    mlir::func::FuncOp function = lookup(name);
    compiler::Evaluation evaluation;
    evaluation.mode = mode;
    mlir::FailureOr<std::vector<compiler::Literal>> values =
        compiler::evaluate(function, inputs, evaluation);
    REQUIRE(mlir::succeeded(values));
    std::vector<Result> results;
    for (auto [i, value] : llvm::enumerate(*values))
      results.push_back(
          {function.getResultAttrOfType<mlir::StringAttr>(i, "kerf.name").getValue().str(), value});
    return results;
  }
  std::vector<compiler::Literal> inputs(const std::string &name, uint64_t seed) {
    return codegen::randomInputs(lookup(name), seed);
  }

  static constexpr const char *suffix = "_by_formula";

private:
  mlir::func::FuncOp lookup(const std::string &name) {
    auto function = module->lookupSymbol<mlir::func::FuncOp>(name);
    INFO(name);
    REQUIRE(function);
    return function;
  }
  static mlir::DialectRegistry registry() {
    mlir::DialectRegistry registry;
    compiler::registerDialects(registry);
    return registry;
  }

  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

/// Every function that has a formula beside it equals it, without rounding.
inline void checkFormulas(Forms &forms, size_t least) {
  const std::vector<std::string> names = forms.names();
  REQUIRE(names.size() >= least);
  for (const std::string &name : names)
    for (uint64_t seed : {1, 2}) {
      const std::vector<compiler::Literal> inputs = forms.inputs(name, seed);
      const auto got = forms.run(name, inputs), want = forms.run(name + Forms::suffix, inputs);
      REQUIRE(got.size() == want.size());
      for (size_t i = 0; i < got.size(); ++i) {
        INFO(name << ", seed " << seed << ": " << got[i].name);
        CHECK(codegen::compareLiterals(got[i].value, want[i].value, 1e-12) == "");
      }
    }
}

} // namespace kerf::test
