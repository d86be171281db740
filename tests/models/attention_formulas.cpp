// Every form of attention equals its literal formula, and so do its first and second derivatives
// and those along a direction: evaluated without rounding, on the same inputs.
#define CATCH_CONFIG_MAIN
#include "fusion.h"

#include "codegen/tools/compare.h"
#include "codegen/tools/inputs.h"

#include <cmath>

using namespace mlir;
using kerf::compiler::Literal;
using Mode = kerf::compiler::Evaluation::Mode;

namespace {

/// The functions of a model of forms, evaluated.
class Forms {
public:
  explicit Forms(const char *file) : context(registry(), MLIRContext::Threading::DISABLED) {
    module = parseSourceFile<ModuleOp>(file, &context);
    REQUIRE(module);
    PassManager pm(&context);
    pm.addNestedPass<func::FuncOp>(kerf::compiler::createDifferentiate());
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
  std::vector<Result> run(const std::string &name, const std::vector<Literal> &inputs) {
    func::FuncOp function = lookup(name);
    kerf::compiler::Evaluation evaluation;
    evaluation.mode = Mode::f64;
    FailureOr<std::vector<Literal>> values = kerf::compiler::evaluate(function, inputs, evaluation);
    REQUIRE(succeeded(values));
    std::vector<Result> results;
    for (auto [i, value] : llvm::enumerate(*values))
      results.push_back(
          {function.getResultAttrOfType<StringAttr>(i, "kerf.name").getValue().str(), value});
    return results;
  }
  /// Inputs of a form, also for its formula, and by their names.
  std::vector<Literal> inputs(const std::string &name, uint64_t seed) {
    return kerf::codegen::randomInputs(lookup(name), seed);
  }
  Literal input(const std::string &name, const std::vector<Literal> &inputs, StringRef which) {
    func::FuncOp function = lookup(name);
    for (auto [i, value] : llvm::enumerate(inputs))
      if (function.getArgAttrOfType<StringAttr>(i, "kerf.name").getValue() == which)
        return value;
    FAIL("no input " << which.str());
    std::abort();
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
    kerf::compiler::registerDialects(registry);
    return registry;
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};

void require_equal_to_formulas(const char *file, size_t least) {
  Forms forms(file);
  const std::vector<std::string> names = forms.names();
  REQUIRE(names.size() >= least);
  for (const std::string &name : names)
    for (uint64_t seed : {1, 2}) {
      const std::vector<Literal> inputs = forms.inputs(name, seed);
      const auto got = forms.run(name, inputs), want = forms.run(name + Forms::suffix, inputs);
      REQUIRE(got.size() == want.size());
      for (size_t i = 0; i < got.size(); ++i) {
        INFO(name << ", seed " << seed << ": " << got[i].name);
        CHECK(kerf::codegen::compareLiterals(got[i].value, want[i].value, 1e-12) == "");
        if (!StringRef(got[i].name).contains("lse"))
          CHECK(llvm::all_of(got[i].value.floats(), [](double x) { return std::isfinite(x); }));
      }
    }
}

TEST_CASE("attention: every mask equals its formula, to the second derivative", "[attention]") {
  require_equal_to_formulas(KERF_MASK_FORMS, 30);
}
TEST_CASE("attention: every change of scores equals its formula, to the second derivative",
          "[attention]") {
  require_equal_to_formulas(KERF_SCORE_FORMS, 20);
}

} // namespace
