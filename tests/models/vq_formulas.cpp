// Every form of `vq` equals the formula that defines it, and so do its first and second
// derivatives: evaluated without rounding, on the same inputs.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "pipeline.h"
#include "tools/compare.h"
#include "tools/inputs.h"

#include "mlir/Parser/Parser.h"

using namespace mlir;
using kerf::Literal;

namespace {

/// The results of a function of vq_forms, in f64, by name.
class Forms {
public:
  Forms() : context(registry(), MLIRContext::Threading::DISABLED) {
    module = parseSourceFile<ModuleOp>(KERF_FORMS, &context);
    REQUIRE(module);
    PassManager pm(&context);
    pm.addNestedPass<func::FuncOp>(kerf::createDifferentiate());
    REQUIRE(succeeded(pm.run(*module)));
  }

  /// The forms that have a formula beside them.
  std::vector<std::string> names() {
    std::vector<std::string> names;
    for (auto function : module->getOps<func::FuncOp>())
      if (function.getName().ends_with(suffix))
        names.push_back(function.getName().drop_back(strlen(suffix)).str());
    return names;
  }

  struct Result {
    std::string name;
    Literal value;
  };
  /// `inputs` are those of the form, also for its formula.
  std::vector<Result> run(const std::string &name, const std::vector<Literal> &inputs) {
    func::FuncOp function = lookup(name);
    kerf::Evaluation evaluation;
    evaluation.mode = kerf::Evaluation::Mode::f64;
    FailureOr<std::vector<Literal>> values = kerf::evaluate(function, inputs, evaluation);
    REQUIRE(succeeded(values));
    std::vector<Result> results;
    for (auto [i, value] : llvm::enumerate(*values))
      results.push_back(
          {function.getResultAttrOfType<StringAttr>(i, "kerf.name").getValue().str(), value});
    return results;
  }
  std::vector<Literal> inputs(const std::string &name, uint64_t seed) {
    return kerf::randomInputs(lookup(name), seed);
  }

  static constexpr const char *suffix = "_by_formula";

private:
  func::FuncOp lookup(const std::string &name) {
    auto function = module->lookupSymbol<func::FuncOp>(name);
    INFO(name);
    REQUIRE(function);
    return function;
  }
  static DialectRegistry registry() {
    DialectRegistry registry;
    kerf::registerDialects(registry);
    return registry;
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};

TEST_CASE("vq: every form equals its formula, to the second derivative", "[vq]") {
  Forms forms;
  const std::vector<std::string> names = forms.names();
  REQUIRE(names.size() >= 12);
  for (const std::string &name : names)
    for (uint64_t seed : {1, 2}) {
      const std::vector<Literal> inputs = forms.inputs(name, seed);
      const auto got = forms.run(name, inputs), want = forms.run(name + Forms::suffix, inputs);
      REQUIRE(got.size() == want.size());
      for (size_t i = 0; i < got.size(); ++i) {
        INFO(name << ", seed " << seed << ": " << got[i].name);
        CHECK(kerf::compareLiterals(got[i].value, want[i].value, 1e-12) == "");
      }
    }
}

} // namespace
