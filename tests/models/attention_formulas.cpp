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
  /// Inputs of a form, also for its formula.
  std::vector<Literal> inputs(const std::string &name, uint64_t seed) {
    return kerf::codegen::randomInputs(lookup(name), seed);
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
TEST_CASE("attention: positions and norms before it equal their formulas, to the second derivative",
          "[attention]") {
  require_equal_to_formulas(KERF_POSITION_FORMS, 9);
}

/// The inputs of a form, by their places, as the model has them.
struct Given {
  const std::vector<Literal> &inputs;

  double q(auto... at) const { return element(0, at...); }
  double k(auto... at) const { return element(1, at...); }
  double v(auto... at) const { return element(2, at...); }
  double table(auto... at) const { return element(3, at...); }
  double bias(auto... at) const { return element(4, at...); }
  int64_t query(auto... at) const { return inputs[5].ints()[place(5, at...)]; }
  int64_t key(auto... at) const { return inputs[6].ints()[place(6, at...)]; }
  int64_t length(int b) const { return inputs[7].ints()[b]; }
  int64_t size(int input, int axis) const { return inputs[input].type().getDimSize(axis); }

private:
  double element(int input, auto... at) const {
    return inputs[input].floats()[place(input, at...)];
  }
  size_t place(int input, auto... at) const {
    size_t flat = 0;
    int axis = 0;
    ((flat = flat * size(input, axis++) + at), ...);
    return flat;
  }
};

using Score = double (*)(const Given &, double s, int b, int h, int i, int j);
using Seen = bool (*)(const Given &, int b, int h, int i, int j);
const auto same = [](const Given &, double s, int, int, int, int) { return s; };
const auto earlier = [](const Given &, int, int, int i, int j) { return j <= i; };

/// The output, lse and weights of a form, by loops over its queries.
std::vector<Literal> by_loops(const Given &given, const std::vector<Forms::Result> &results,
                              Score score, Seen seen) {
  std::vector<Literal> values;
  for (int i = 0; i < 3; ++i)
    values.emplace_back(results[i].value.type());
  size_t row = 0;
  const int64_t keys = given.size(1, 2), features = given.size(2, 3);
  for (int b = 0; b < given.size(0, 0); ++b)
    for (int h = 0; h < given.size(0, 1); ++h)
      for (int i = 0; i < given.size(0, 2); ++i, ++row) {
        const int64_t g = h * given.size(1, 1) / given.size(0, 1);
        double total = 0;
        for (int j = 0; j < keys; ++j) {
          double s = 0;
          for (int d = 0; d < 4; ++d)
            s += given.q(b, h, i, d) * given.k(b, g, j, d) / 2;
          const double e = seen(given, b, h, i, j) ? std::exp(score(given, s, b, h, i, j)) : 0;
          values[2].floats()[row * keys + j] = e;
          total += e;
        }
        values[1].floats()[row] = std::log(total);
        for (int j = 0; j < keys; ++j) {
          double &weight = values[2].floats()[row * keys + j];
          weight = total == 0 ? 0 : weight / total;
          for (int d = 0; d < features; ++d)
            values[0].floats()[row * features + d] += weight * given.v(b, g, j, d);
        }
      }
  return values;
}

void require_equal_to_loops(Forms &forms, const std::string &name, Score score, Seen seen) {
  const std::vector<Literal> inputs = forms.inputs(name, 6);
  const auto got = forms.run(name, inputs);
  const std::vector<Literal> want = by_loops({inputs}, got, score, seen);
  for (size_t i = 0; i < want.size(); ++i) {
    INFO(name << ": " << got[i].name);
    CHECK(kerf::codegen::compareLiterals(got[i].value, want[i], 1e-12) == "");
  }
}

TEST_CASE("attention: masks are what plain loops give", "[attention]") {
  Forms forms(KERF_MASK_FORMS);
  const auto check = [&](const std::string &name, Seen seen) {
    require_equal_to_loops(forms, name, same, seen);
  };
  check("plain", [](const Given &, int, int, int, int) { return true; });
  check("causal", earlier);
  check("causal_groups", earlier);
  check("causal_one_head", earlier);
  check("bottom_right_empty", [](const Given &, int, int, int i, int j) { return j + 4 <= i; });
  check("window", [](const Given &, int, int, int i, int j) { return j >= i - 2 && j <= i + 1; });
  check("chunked", [](const Given &, int, int, int i, int j) { return j <= i && j / 3 == i / 3; });
  check("block_causal", [](const Given &, int, int, int i, int j) { return j / 2 <= i / 2; });
  check("nothing", [](const Given &, int, int, int, int) { return false; });
  check("documents", [](const Given &given, int b, int, int i, int j) {
    return (given.query(b, i) + 9) % 3 == (given.key(b, j) + 9) % 3;
  });
  check("lengths", [](const Given &given, int b, int, int, int j) { return j < given.length(b); });
  check("lengths_of_both",
        [](const Given &given, int b, int, int i, int j) { return i < given.length(b) && j < 5; });
  check("function_of_all", [](const Given &given, int b, int h, int i, int j) {
    return given.query(b, i) + given.key(b, j) > 4 * h;
  });
}

TEST_CASE("attention: changes of scores are what plain loops give", "[attention]") {
  Forms forms(KERF_SCORE_FORMS);
  const auto check = [&](const std::string &name, Score score) {
    require_equal_to_loops(forms, name, score, earlier);
  };
  check("bias", [](const Given &given, double s, int, int h, int i, int j) {
    return s + given.bias(h, i, j);
  });
  check("bias_of_groups", [](const Given &given, double s, int, int h, int i, int j) {
    return s + given.bias(h, i, j);
  });
  check("alibi", [](const Given &given, double s, int, int h, int i, int j) {
    return s - given.table(h, 0) * std::abs(i + 1 - j);
  });
  check("relative", [](const Given &given, double s, int, int h, int i, int j) {
    return s + given.table(h, i - j + 6);
  });
  check("softcap",
        [](const Given &, double s, int, int, int, int) { return 1.5 * std::tanh(s / 1.5); });
  check("temperature", [](const Given &given, double s, int, int h, int, int) {
    return s / std::exp(given.table(h, 0));
  });
  check("function", [](const Given &given, double s, int b, int h, int i, int j) {
    return s * given.table(h, i + 1) + b * given.bias(h, i, j);
  });
}

} // namespace
