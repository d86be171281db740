// Whole models, narrow ones: compiled code against PyTorch's gradients and its losses over all
// steps of the golden file, and the oracle against PyTorch in f64 over the first of them.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include "codegen/tools/compare.h"
#include "compiler/pipeline.h"
#include "parity/golden.h"

#include "mlir/Parser/Parser.h"
#include "llvm/Support/Path.h"

#include <map>

using namespace mlir;
using kerf::compiler::Evaluation;
using kerf::compiler::Literal;
using kerf::test::literalOf;
using kerf::test::relativeL2;

template <> struct Catch::StringMaker<Literal> {
  static std::string convert(const Literal &literal) {
    return std::to_string(literal.size()) + " elements of";
  }
};

namespace {

std::string golden_file, model_file;
std::string prefix; // of the names of the two entries

/// A tensor of an entry's signature: leaves of a block by role and name, others by name alone.
std::string nameOf(DictionaryAttr attributes) {
  auto role = attributes.getAs<StringAttr>("kerf.role");
  return (role ? role.str() + "." : "") + attributes.getAs<StringAttr>("kerf.name").str();
}

using State = std::map<std::string, Literal>;

/// What a call left: its plain results by name, and what it decided on its way.
struct Step {
  State results;
  std::vector<Literal> decisions;
};

/// An entry point whose decisions are results, callable with tensors by name.
struct Entry {
  Entry(func::FuncOp function)
      : function(function), numDecisions(kerf::compiler::decisionsOf(function).size()) {}

  std::vector<Literal> arguments(const State &state) {
    std::vector<Literal> values;
    for (unsigned i = 0; i < function.getNumArguments(); ++i) {
      const std::string name = nameOf(function.getArgAttrDict(i));
      INFO("argument " << name << " of " << function.getName().str());
      REQUIRE(state.count(name));
      values.push_back(state.at(name));
    }
    return values;
  }

  /// Written blocks replace their leaves in `state`.
  Step accept(const std::vector<Literal> &values, State &state) {
    Step step;
    const unsigned numResults = function.getNumResults() - numDecisions;
    REQUIRE(values.size() == function.getNumResults());
    for (unsigned i = 0; i < numResults; ++i) {
      DictionaryAttr attributes = function.getResultAttrDict(i);
      State &to = attributes.contains("kerf.role") ? state : step.results;
      to.insert_or_assign(nameOf(attributes), values[i]);
    }
    step.decisions.assign(values.begin() + numResults, values.end());
    return step;
  }

  func::FuncOp function;
  unsigned numDecisions;
};

/// The largest distance that a matcher has seen since `report`.
double largest = 0;

void report(const std::string &what) {
  std::printf("%s: %.1e\n", what.c_str(), std::exchange(largest, 0.0));
}

/// |got - want| / |want| of a named tensor is at most the tolerance.
class CloseL2 : public Catch::MatcherBase<Literal> {
public:
  CloseL2(std::string name, Literal want, double tolerance)
      : name(std::move(name)), want(std::move(want)), tolerance(tolerance) {}

  bool match(const Literal &got) const override {
    const double distance = relativeL2(got.floats(), want.floats());
    largest = std::max(largest, distance);
    size_t worst = 0;
    for (size_t i = 0; i < want.floats().size(); ++i)
      if (!(error(got, i) <= error(got, worst)))
        worst = i;
    std::ostringstream out;
    out.precision(9);
    out << name << ": distance " << distance << " of at most " << tolerance;
    if (!want.floats().empty())
      out << "; worst element: got[" << worst << "] = " << got.floats()[worst] << " want "
          << want.floats()[worst];
    text = out.str();
    return distance <= tolerance;
  }
  std::string describe() const override { return text; }

private:
  double error(const Literal &got, size_t i) const {
    return std::abs(got.floats()[i] - want.floats()[i]);
  }
  std::string name;
  Literal want;
  double tolerance;
  mutable std::string text;
};

/// A scalar within a relative tolerance.
class CloseTo : public Catch::MatcherBase<double> {
public:
  CloseTo(std::string name, double want, double tolerance)
      : name(std::move(name)), want(want), tolerance(tolerance) {}

  bool match(const double &got) const override {
    largest = std::max(largest, std::abs(got - want) / std::abs(want));
    return std::abs(got - want) <= tolerance * std::abs(want);
  }
  std::string describe() const override {
    std::ostringstream out;
    out.precision(17);
    out << "is " << name << ": want " << want << " +/- " << tolerance << " of it";
    return out.str();
  }

private:
  std::string name;
  double want, tolerance;
};

/// A model's training run from its golden file: by PyTorch, by the oracle, compiled.
class Model {
public:
  Model() : context(registry(), MLIRContext::Threading::DISABLED), golden(golden_file) {
    module = parseSourceFile<ModuleOp>(model_file, &context);
    REQUIRE(module);
    for (func::FuncOp function : llvm::to_vector(module->getOps<func::FuncOp>()))
      if (!llvm::is_contained({prefix + "train_step", prefix + "gradients"}, function.getName()))
        function.erase();
    PassManager pm(&context);
    kerf::compiler::buildDifferentiation(pm);
    pm.addNestedPass<func::FuncOp>(kerf::compiler::createExposeDecisions());
    REQUIRE(succeeded(pm.run(*module)));
    std::string error;
    compiled = kerf::codegen::CompiledModule::compile(*module, error);
    INFO(error);
    REQUIRE(compiled);
  }

  Entry entry(const std::string &name) {
    auto function = module->lookupSymbol<func::FuncOp>(prefix + name);
    INFO("entry " << prefix << name);
    REQUIRE(function);
    return function;
  }

  /// State and data before step 0; what the file lacks is zero.
  State start() {
    State state;
    for (const char *name : {"train_step", "gradients"}) {
      func::FuncOp function = entry(name).function;
      for (BlockArgument argument : function.getArguments())
        load(state, nameOf(function.getArgAttrDict(argument.getArgNumber())),
             cast<RankedTensorType>(argument.getType()));
    }
    return state;
  }

  Step evaluate(const std::string &name, State &state, Evaluation &evaluation) {
    Entry called = entry(name);
    auto values = kerf::compiler::evaluate(called.function, called.arguments(state), evaluation);
    REQUIRE(succeeded(values));
    return called.accept(*values, state);
  }

  Step run(const std::string &name, State &state) {
    Entry called = entry(name);
    std::string error;
    auto values = compiled->run(called.function, called.arguments(state), error);
    REQUIRE(error == "");
    return called.accept(values, state);
  }

  /// What PyTorch found.
  Literal want(const std::string &name, RankedTensorType type) {
    return literalOf(golden, name, type);
  }
  /// A buffer is not: it follows batches by coefficients that f32 rounds, and the file has no
  /// gradient of it.
  bool isTrained(StringRef leaf) {
    leaf.consume_front("params.");
    leaf.consume_front("gradients.");
    const std::string gradient = "gradients." + leaf.str();
    return golden.find(gradient) < golden.size() || golden.find(gradient + ".left") < golden.size();
  }
  Literal gradient(const std::string &leaf, RankedTensorType type) {
    return isTrained(leaf) ? want(leaf, type) : Literal(type);
  }
  /// The Euclidean norm of the parameter `leaf` after the oracle's last step.
  double finalNorm(StringRef leaf) {
    leaf.consume_front("params.");
    return want("final." + leaf.str(), RankedTensorType::get({}, Float64Type::get(&context)))
        .floats()[0];
  }
  int64_t steps() const { return golden[golden.find("loss")].shape[0]; }
  /// A result of every step.
  std::vector<double> history(const std::string &name) {
    return literalOf(golden, name, RankedTensorType::get({steps()}, Float64Type::get(&context)))
        .floats();
  }

private:
  static DialectRegistry registry() {
    DialectRegistry registry;
    kerf::compiler::registerDialects(registry);
    kerf::codegen::CompiledModule::registerDialects(registry);
    return registry;
  }

  void load(State &state, const std::string &name, RankedTensorType type) {
    if (golden.find(name) == golden.size() || StringRef(name).starts_with("gradients."))
      state.try_emplace(name, type);
    else
      state.insert_or_assign(name, literalOf(golden, name, type));
  }

  MLIRContext context;
  kerf::runtime::SafetensorsFile golden;
  OwningOpRef<ModuleOp> module;
  std::unique_ptr<kerf::codegen::CompiledModule> compiled;
};

/// The plain results of every step by name, and the state after the last.
struct Training {
  std::map<std::string, std::vector<double>> results;
  State state;
  std::vector<std::vector<Literal>> decisions; ///< of every step
  std::string complaint;                       ///< about a decision that was followed

  void record(const Step &step) {
    for (const auto &[name, value] : step.results)
      results[name].push_back(value.floats().at(0));
    decisions.push_back(step.decisions);
  }
};

/// How many steps the oracle takes, which is slow.
constexpr int64_t oracleSteps = 20;

/// So many steps by `call(training, step)` from the golden file's start.
template <class Call> Training train(Model &model, int64_t steps, Call call) {
  Training training;
  training.state = model.start();
  for (int64_t step = 0; step < steps; ++step)
    training.record(call(training, step));
  return training;
}

Training trainByOracle(Model &model, const Training *followed = nullptr) {
  return train(model, oracleSteps, [&](Training &training, int64_t step) {
    Evaluation evaluation;
    if (followed)
      kerf::compiler::force(evaluation, model.entry("train_step").function,
                            followed->decisions[step]);
    Step result = model.evaluate("train_step", training.state, evaluation);
    if (training.complaint.empty() && !evaluation.complaint.empty())
      training.complaint = "step " + std::to_string(step) + ": " + evaluation.complaint;
    return result;
  });
}

Training trainCompiled(Model &model, int64_t steps) {
  return train(model, steps, [&](Training &training, int64_t) {
    return model.run("train_step", training.state);
  });
}

/// `want` may be of more steps.
void checkLosses(const std::vector<double> &got, const std::vector<double> &want,
                 double tolerance) {
  REQUIRE(got.size() <= want.size());
  for (size_t step = 0; step < got.size(); ++step)
    CHECK_THAT(got[step],
               CloseTo("the loss of step " + std::to_string(step), want[step], tolerance));
}

double norm(const Literal &literal) {
  double sum = 0;
  for (double x : literal.floats())
    sum += x * x;
  return std::sqrt(sum);
}

/// The laws that every model owes.
void check() {
  Model model;
  const std::string name = llvm::sys::path::stem(golden_file).str();

  // The oracle is PyTorch in f64.
  REQUIRE(model.steps() >= oracleSteps);
  const Training oracle = trainByOracle(model);
  for (const auto &[result, values] : oracle.results) {
    INFO("result " << result);
    checkLosses(values, model.history(result), 1e-8);
  }
  for (const auto &[leaf, value] : oracle.state)
    if (StringRef(leaf).starts_with("params.") && value.isFloat())
      CHECK_THAT(norm(value), CloseTo("the norm of " + leaf, model.finalNorm(leaf),
                                      model.isTrained(leaf) ? 1e-8 : 2e-6));
  const std::string few = std::to_string(oracleSteps) + " steps";
  report(name + ": the oracle from PyTorch in f64, " + few);

  // Compiled code in f32, at step 0.
  State state = model.start();
  const Step first = model.run("gradients", state);
  CHECK_THAT(first.results.at("loss").floats().at(0),
             CloseTo("the loss", model.history("loss")[0], 1e-5));
  report(name + ": the compiled loss from PyTorch in f64, step 0");
  unsigned gradients = 0;
  for (const auto &[leaf, got] : state)
    if (StringRef(leaf).starts_with("gradients.") && got.isFloat()) {
      CHECK_THAT(got, CloseL2(leaf, model.gradient(leaf, got.type()), 1e-5));
      ++gradients;
    }
  CHECK(gradients > 0);
  report(name + ": a compiled gradient from PyTorch in f64, step 0");

  // Compiled code over all steps.
  const Training whole = trainCompiled(model, model.steps());
  checkLosses(whole.results.at("loss"), model.history("loss"), 1e-3);
  report(name + ": compiled losses from PyTorch in f64, " + std::to_string(model.steps()) +
         " steps");

  // And beside an oracle that takes the same decisions.
  const Training compiled = trainCompiled(model, oracleSteps);
  CHECK(!compiled.decisions.front().empty());
  const Training follower = trainByOracle(model, &compiled);
  CHECK(follower.complaint == "");
  checkLosses(compiled.results.at("loss"), follower.results.at("loss"), 1e-5);
  report(name + ": compiled losses from the oracle that follows, " + few);
  for (const auto &[leaf, want] : follower.state)
    if (StringRef(leaf).starts_with("params.") && want.isFloat())
      CHECK_THAT(compiled.state.at(leaf), CloseL2(leaf, want, 1e-3));
    else if (!want.isFloat())
      CHECK(compiled.state.at(leaf).ints() == want.ints());
  report(name + ": a compiled parameter from the oracle that follows, after " + few);
}

} // namespace

TEST_CASE("steps as PyTorch in f64, compiled gradients and steps") { check(); }

/// `whole_models <golden>.safetensors <model>.mlir [--entries <prefix>] [options of Catch2]`
int main(int count, char **words) {
  if (count < 3) {
    std::fprintf(stderr,
                 "usage: whole_models <golden>.safetensors <model>.mlir [--entries <prefix>]\n");
    return 2;
  }
  golden_file = words[1];
  model_file = words[2];
  Catch::Session session;
  session.cli(session.cli() | Catch::clara::Opt(prefix, "prefix")["--entries"](
                                  "of the names of the entries train_step and gradients"));
  return session.run(count - 2, words + 2);
}
