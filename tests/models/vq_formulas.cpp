// Every form of `vq` equals the formula that defines it, and so do its first and second
// derivatives: evaluated without rounding, on the same inputs.
#define CATCH_CONFIG_MAIN
#include "fusion.h"

#include "tools/compare.h"
#include "tools/inputs.h"

using namespace mlir;
using kerf::Literal;
using kerf::test::Fusion;
using Mode = kerf::Evaluation::Mode;

namespace {

/// The functions of vq_forms, evaluated.
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
  std::vector<Result> run(const std::string &name, const std::vector<Literal> &inputs,
                          Mode mode = Mode::f64) {
    func::FuncOp function = lookup(name);
    kerf::Evaluation evaluation;
    evaluation.mode = mode;
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

const Literal &find(const std::vector<Forms::Result> &results, const std::string &name) {
  for (const Forms::Result &result : results)
    if (result.name == name)
      return result.value;
  FAIL("no result " << name);
  std::abort();
}

TEST_CASE("vq: the output of an estimator of hard codes is the code, bit for bit", "[vq]") {
  Forms forms;
  for (const char *name :
       {"straight_through", "dot_product", "cosine_similarity", "rotation", "sampled_codes",
        "gumbel_straight_through", "index_backpropagation", "sampled_index_backpropagation",
        "masked_index_backpropagation", "masked_rotation"}) {
    INFO(name);
    const auto results = forms.run(name, forms.inputs(name, 3), Mode::as_typed);
    CHECK(kerf::compareLiterals(find(results, "value.output"), find(results, "value.quantized"),
                                0) == "");
  }
}

TEST_CASE("vq: the nearest code is one kernel, also in two derivatives", "[vq]") {
  for (const char *name : {"straight_through", "dot_product", "cosine_similarity", "rotation",
                           "masked_rotation", "one_row_straight_through"}) {
    INFO(name);
    const Fusion fusion(KERF_FORMS, name);
    EXPECT_FUSED(vq, 1);
  }
}

} // namespace
