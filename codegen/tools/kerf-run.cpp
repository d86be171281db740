// Runs the functions of .mlir files on random inputs, by the oracle or compiled: prints values,
// compares the two, checks gradients.
#include "compiler/emit.h"
#include "compiler/open.h"
#include "compiler/pipeline.h"
#include "compiler/printable.h"
#include "compiler/values.h"

#include "codegen/tools/compare.h"
#include "codegen/tools/compile.h"
#include "codegen/tools/fuzz/fuzz.h"
#include "codegen/tools/gradient.h"
#include "codegen/tools/inputs.h"
#include "codegen/tools/worker.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

#include <CLI/CLI.hpp>

#include <cmath>

using namespace mlir;
using namespace kerf::compiler;
using namespace kerf::codegen;

namespace {

struct Options {
  std::vector<std::string> files;
  std::string function;
  std::string mode = "as-typed";
  std::uint64_t seed = 1;
  bool gradient = false;
  bool second = false;
  bool compare = false;
  bool compiled = false;
  bool sameBits = false;
  bool exact = false;
  std::string match;
  FusionOptions fusion;
  std::vector<Target> targets = allTargets();
  std::vector<std::string> ranges; ///< name=low:high
  double tolerance = 1e-5;
  std::vector<std::uint64_t> threads = manyWorkers();
  double timeout = 120;
  std::uint64_t maxMemory = std::uint64_t(2) << 30;
  int64_t limit = 16;
  std::vector<int64_t> rows; ///< of calls of open entries; empty: the most

  bool derivatives() const { return gradient || (second && !compares()); }
  bool runsCompiled() const { return compare || compiled || sameBits || !match.empty(); }
  bool compares() const { return compare || !match.empty(); }
};

/// A file on its way.
struct Run {
  const Options &options;
  Stage &stage;
  size_t matched = 0; ///< functions that were run
  ModuleOp open = {}; ///< of entries with an open dim, which the module at hand binds
  std::unique_ptr<CompiledModule> compiledOpen = {};
};

Evaluation::Mode modeOf(const Options &options) {
  return options.mode == "f64" ? Evaluation::Mode::f64 : Evaluation::Mode::as_typed;
}

// ---- values ----------------------------------------------------------------------------------

std::string number(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.7g", x);
  return text;
}

std::string number(const Literal &literal, int64_t i) {
  return literal.isFloat() ? number(literal.floats()[i]) : std::to_string(literal.ints()[i]);
}

/// "tensor<3xf32>: 1 2.5 3", and behind `limit` elements what the others are like.
void print(llvm::raw_ostream &out, const Literal &literal, int64_t limit) {
  out << literal.type() << ":";
  for (int64_t i = 0; i < std::min(literal.size(), limit); ++i)
    out << " " << number(literal, i);
  if (literal.size() > limit) {
    double sum = 0, squares = 0;
    for (int64_t i = 0; i < literal.size(); ++i) {
      double x = literal.isFloat() ? literal.floats()[i] : double(literal.ints()[i]);
      sum += x;
      squares += x * x;
    }
    double n = double(literal.size());
    out << " ... (" << literal.size() << " elements, mean " << number(sum / n) << ", rms "
        << number(std::sqrt(squares / n)) << ")";
  }
  out << "\n";
}

void printValues(func::FuncOp function, ArrayRef<Literal> results, const Options &options) {
  llvm::outs() << "@" << printable(function.getName()) << "\n";
  for (auto [i, result] : llvm::enumerate(results)) {
    llvm::outs() << "  ";
    if (auto name = function.getResultAttrOfType<StringAttr>(i, "kerf.name"))
      llvm::outs() << printable(name.getValue()) << " ";
    print(llvm::outs(), result, options.limit);
  }
}

LogicalResult evaluateAndPrint(func::FuncOp function, const Options &options) {
  Evaluation evaluation;
  evaluation.mode = modeOf(options);
  FailureOr<std::vector<Literal>> results =
      evaluate(function, randomInputs(function, options.seed), evaluation);
  if (succeeded(results))
    printValues(function, *results, options);
  return results;
}

// ---- checks ----------------------------------------------------------------------------------

/// A function and the functions that take its derivatives.
struct Subject {
  func::FuncOp function, gradient, second;
  func::FuncOp tangent, tangentOfGradient; ///< in forward mode
};

LogicalResult report(StringRef what, func::FuncOp function, ArrayRef<std::string> complaints,
                     StringRef decided = "") {
  for (const std::string &complaint : complaints)
    llvm::errs() << "@" << printable(function.getName()) << ": " << what << ": " << complaint
                 << "\n";
  if (complaints.empty())
    llvm::outs() << "@" << printable(function.getName()) << ": " << what << " agrees"
                 << (decided.empty() ? "" : "; decided within rounding: ") << decided << "\n";
  return success(complaints.empty());
}

/// A comparison of NaN with NaN shows little: says so where many elements are.
void warnOfNan(func::FuncOp function, ArrayRef<Literal> results) {
  int64_t all = 0, nan = 0;
  for (const Literal &result : results)
    if (result.isFloat()) {
      all += result.size();
      nan += llvm::count_if(result.floats(), [](double x) { return std::isnan(x); });
    }
  if (8 * nan > all)
    llvm::errs() << "@" << printable(function.getName()) << ": warning: " << nan << " of " << all
                 << " elements are NaN for these inputs; give them a --range that they have in use,"
                    " as adam=0:1\n";
}

LogicalResult checkGradients(Subject subject, const Options &options) {
  if (!subject.gradient) {
    llvm::outs() << "@" << printable(subject.function.getName()) << ": no gradient to check\n";
    return success();
  }
  std::vector<Literal> inputs = randomInputs(subject.function, options.seed);
  auto check = [&](StringRef what, func::FuncOp function, func::FuncOp gradient,
                   func::FuncOp tangent, ArrayRef<Literal> inputs) {
    std::vector<std::string> complaints = checkGradient(function, gradient, inputs, options.seed);
    llvm::append_range(complaints, checkTangent(function, tangent, inputs, options.seed));
    return report(what, subject.function, complaints);
  };
  LogicalResult result =
      check("gradient", subject.function, subject.gradient, subject.tangent, inputs);
  if (!subject.second)
    return result;
  // The gradient as a function: its inputs are those of the function, and weights.
  std::vector<Literal> more = randomInputs(subject.gradient, options.seed + 1);
  std::copy(inputs.begin(), inputs.end(), more.begin());
  LogicalResult second =
      check("second derivative", subject.gradient, subject.second, subject.tangentOfGradient, more);
  return success(succeeded(result) && succeeded(second));
}

// ---- compiled ---------------------------------------------------------------------------------

/// A module with a family fused and without.
struct Forms {
  std::unique_ptr<CompiledModule> fused, plain;

  LogicalResult compile(ModuleOp module, Run &run) {
    FusionOptions off = run.options.fusion;
    off.off.push_back(run.options.match);
    std::string error;
    run.stage.set("while it was compiled");
    fused = CompiledModule::compile(module, error, run.options.fusion, run.options.targets);
    plain = CompiledModule::compile(module, error, off, run.options.targets);
    if (fused && plain) {
      fused->workers = plain->workers = run.options.threads;
      return success();
    }
    llvm::errs() << "kerf-run: not compiled: " << error << "\n";
    return failure();
  }
};

/// What is wrong where two forms show this `difference`: nothing if each took its own way where
/// scores tie within rounding, which is then said. Both are compiled once more, with all their
/// decisions as results.
std::vector<std::string> explainDifference(ModuleOp module, StringRef name, std::string difference,
                                           ArrayRef<Literal> inputs, Run &run) {
  OwningOpRef<ModuleOp> exposed = module.clone();
  auto function = exposed->lookupSymbol<func::FuncOp>(name);
  const unsigned numResults = function.getNumResults();
  PassManager pm(module.getContext());
  pm.addNestedPass<func::FuncOp>(createExposeDecisions());
  Forms forms;
  if (failed(pm.run(*exposed)) || failed(forms.compile(*exposed, run)))
    return {difference};
  Choices choices = compareChoices(*forms.fused, *forms.plain, function, numResults, inputs,
                                   std::max(run.options.tolerance, 1e-5));
  if (!choices.complaints.empty() || choices.differ == 0) {
    choices.complaints.insert(choices.complaints.begin(), difference);
    return choices.complaints;
  }
  llvm::outs() << "@" << printable(name) << ": " << choices.differ
               << " choices differ, each within rounding of the best\n";
  return {};
}

/// Compiles the functions with a family fused and without, and runs both on the same inputs.
LogicalResult checkMatch(ModuleOp module, ArrayRef<func::FuncOp> functions, Run &run) {
  Forms forms;
  if (failed(forms.compile(module, run)))
    return failure();
  LogicalResult result = success();
  for (func::FuncOp function : functions) {
    run.stage.set(("in compiled @" + function.getName()).str());
    std::vector<Literal> inputs = randomInputs(function, run.options.seed);
    std::string error;
    std::vector<Literal> got = forms.fused->run(function, inputs, error);
    std::vector<Literal> want = forms.plain->run(function, inputs, error);
    std::vector<std::string> complaints;
    if (!error.empty())
      complaints.push_back(error);
    for (size_t i = 0; complaints.empty() && i < want.size(); ++i) // the first difference
      if (std::string text = compareLiterals(got[i], want[i], run.options.tolerance); !text.empty())
        complaints.push_back("result " + std::to_string(i) + ": " + text);
    if (error.empty() && !complaints.empty())
      complaints = explainDifference(module, function.getName(), complaints.front(), inputs, run);
    if (failed(report(run.options.match + " fused", function, complaints)))
      result = failure();
  }
  return result;
}

/// Compiles the functions as they are before they are bound to a number of rows: once for all.
CompiledModule *compileOpen(ArrayRef<func::FuncOp> functions, Run &run) {
  if (run.compiledOpen)
    return run.compiledOpen.get();
  OwningOpRef<ModuleOp> module = run.open.clone();
  for (auto function : llvm::make_early_inc_range(module->getOps<func::FuncOp>()))
    if (!openDimOf(function) && llvm::none_of(functions, [&](func::FuncOp bound) {
          return bound.getName() == function.getName();
        }))
      function.erase();
  std::string error;
  run.stage.set("while it was compiled open");
  run.compiledOpen =
      CompiledModule::compile(*module, error, run.options.fusion, run.options.targets);
  if (!run.compiledOpen)
    llvm::errs() << "kerf-run: not compiled: " << error << "\n";
  else
    run.compiledOpen->workers = run.options.threads;
  return run.compiledOpen.get();
}

/// Is each open entry what the entry is that is bound to the rows of the call, bit by bit?
LogicalResult checkOpen(ModuleOp module, ArrayRef<func::FuncOp> functions, Run &run) {
  CompiledModule *open = compileOpen(functions, run);
  if (!open)
    return failure();
  std::string error;
  run.stage.set("while it was compiled");
  std::unique_ptr<CompiledModule> bound =
      CompiledModule::compile(module, error, run.options.fusion, run.options.targets);
  if (!bound) {
    llvm::errs() << "kerf-run: not compiled: " << error << "\n";
    return failure();
  }
  bound->workers = {1};
  LogicalResult result = success();
  for (func::FuncOp function : functions) {
    run.stage.set(("in open @" + function.getName()).str());
    std::vector<Literal> inputs = randomInputs(function, run.options.seed);
    std::vector<Literal> got = open->run(function, inputs, error), want;
    if (error.empty())
      want = bound->run(function, inputs, error);
    if (error.empty())
      error = firstDifference(function, got, "the open entry", want, "the bound one");
    if (failed(report("open entry", function,
                      error.empty() ? ArrayRef<std::string>() : ArrayRef(error))))
      result = failure();
    else
      warnOfNan(function, got);
    error.clear();
  }
  return result;
}

/// Compiles all subjects as one artefact and runs each: compares with the oracle, or prints.
LogicalResult runCompiled(ArrayRef<func::FuncOp> functions, Run &run) {
  if (functions.empty())
    return success();
  std::vector<unsigned> numResults;
  for (func::FuncOp function : functions) {
    wrapAsEntry(function);
    numResults.push_back(function.getNumResults());
  }
  auto module = functions.front()->getParentOfType<ModuleOp>();
  if (run.open) {
    const LogicalResult isSame = checkOpen(module, functions, run);
    if (failed(isSame) || run.options.sameBits) // of all bodies, with any number of workers
      return isSame;
  }
  if (!run.options.match.empty())
    return checkMatch(module, functions, run);
  PassManager pm(module.getContext());
  if (run.options.compare)
    pm.addNestedPass<func::FuncOp>(createExposeDecisions());
  if (failed(pm.run(module)))
    return failure();

  std::string error;
  run.stage.set("while it was compiled");
  std::unique_ptr<CompiledModule> compiled =
      CompiledModule::compile(module, error, run.options.fusion, run.options.targets);
  if (!compiled) {
    llvm::errs() << "kerf-run: not compiled: " << error << "\n";
    return failure();
  }
  compiled->workers = run.options.threads;
  LogicalResult result = success();
  for (auto [i, function] : llvm::enumerate(llvm::to_vector(functions))) {
    run.stage.set(
        ("in compiled @" + function.getName() + (run.options.compare ? " or the oracle's" : ""))
            .str());
    std::vector<Literal> inputs = randomInputs(function, run.options.seed);
    if (run.options.compare) {
      Comparison comparison =
          compare(*compiled, function, numResults[i], inputs, modeOf(run.options),
                  run.options.exact ? std::optional<double>() : run.options.tolerance);
      if (failed(report("compiled", function, comparison.complaints, comparison.decided)))
        result = failure();
      else
        warnOfNan(function, ArrayRef(comparison.results).take_front(numResults[i]));
      continue;
    }
    std::vector<Literal> results = compiled->run(function, inputs, error);
    if (!error.empty()) {
      result = report("compiled", function, error);
      error.clear();
      continue;
    }
    if (run.options.sameBits) {
      (void)report("every body and number of workers", function, {});
      warnOfNan(function, results);
      continue;
    }
    printValues(function, results, run.options);
  }
  return result;
}

// ---- files -----------------------------------------------------------------------------------

/// Straight-line kerf ops. What is compiled from them has the derivatives of fused ops.
LogicalResult differentiate(ModuleOp module, const Options &options) {
  PassManager pm(module.getContext());
  pm.addPass(createPrintPhase("emit"));
  if (options.runsCompiled())
    buildForms(pm, options.fusion);
  buildEvaluation(pm);
  pm.addPass(createPrintPhase("differentiate"));
  return pm.run(module);
}

/// Gradients made for a check are taken in every float, so a warning that one is zero is no news.
std::unique_ptr<ScopedDiagnosticHandler> muteWarnings(MLIRContext *context) {
  return std::make_unique<ScopedDiagnosticHandler>(context, [](Diagnostic &diagnostic) {
    return success(diagnostic.getSeverity() == DiagnosticSeverity::Warning);
  });
}

/// One of --range.
struct InputRange {
  StringRef name; ///< of an argument, of a role, or of a leaf, as adam.v
  double low = 0, high = 0;

  /// False if `text` is not name=low:high with numbers, low <= high.
  static bool parse(StringRef text, InputRange &range) {
    auto [name, numbers] = text.split('=');
    auto [low, high] = numbers.split(':');
    range.name = name;
    return !name.empty() && !low.getAsDouble(range.low) && !high.getAsDouble(range.high) &&
           range.low <= range.high && std::isfinite(range.low) && std::isfinite(range.high);
  }
  bool isOf(func::FuncOp function, unsigned argument) const {
    auto text = [&](StringRef attribute) {
      auto value = function.getArgAttrOfType<StringAttr>(argument, attribute);
      return value ? value.getValue() : StringRef();
    };
    const StringRef role = text("kerf.role"), leaf = text("kerf.name");
    const std::string whole = (role.empty() ? leaf : role + "." + leaf).str();
    return whole == name || StringRef(whole).starts_with((name + ".").str());
  }
};

/// Writes --range down at the arguments that are meant. Fails if there are none.
LogicalResult setRanges(ArrayRef<Subject> subjects, const Options &options) {
  for (StringRef text : options.ranges) {
    InputRange range;
    InputRange::parse(text, range);
    bool isThere = false;
    for (Subject subject : subjects)
      for (unsigned i = 0; i < subject.function.getNumArguments(); ++i)
        if (range.isOf(subject.function, i)) {
          isThere = true;
          OpBuilder b(subject.function.getContext());
          subject.function.setArgAttr(i, "kerf.range", b.getF64ArrayAttr({range.low, range.high}));
        }
    if (!isThere && !subjects.empty()) {
      llvm::errs() << "kerf-run: --range " << text << ": no function has an argument or a role '"
                   << range.name << "'\n";
      return failure();
    }
  }
  return success();
}

LogicalResult runModule(ModuleOp module, Run &run) {
  std::vector<Subject> subjects;
  for (auto function : llvm::to_vector(module.getOps<func::FuncOp>()))
    if (!function.isExternal() &&
        (run.options.function.empty() || function.getName() == run.options.function))
      subjects.push_back({function, {}, {}, {}, {}});
    else
      function.erase();
  run.matched += subjects.size();
  if (failed(verifyValues(module)) || // before gradients are made of them
      failed(setRanges(subjects, run.options)))
    return failure();
  for (Subject &subject : subjects) {
    bool isEntry = subject.function->hasAttr("kerf.entry"); // a model's gradients are in it
    if (!(run.options.derivatives() || (run.options.compares() && !isEntry)) ||
        !isDifferentiable(subject.function))
      continue;
    std::string name = subject.function.getName().str() + "_gradient";
    subject.gradient = makeGradient(subject.function, name);
    if (run.options.second)
      subject.second = makeGradient(subject.gradient, name + "_gradient");
    if (!run.options.derivatives())
      continue;
    subject.tangent = makeTangent(subject.function, subject.function.getName().str() + "_tangent");
    if (run.options.second)
      subject.tangentOfGradient = makeTangent(subject.gradient, name + "_tangent");
  }
  std::unique_ptr<ScopedDiagnosticHandler> mute;
  if (run.options.derivatives() || run.options.compares())
    mute = muteWarnings(module.getContext());
  run.stage.set("while it was differentiated");
  if (failed(verify(module)) || failed(verifyValues(module)) ||
      failed(differentiate(module, run.options)))
    return failure();
  for (auto function : module.getOps<func::FuncOp>())
    if (const std::uint64_t bytes = run.options.sameBits ? 0 : oracleBytes(function);
        bytes > run.options.maxMemory)
      return function.emitError("@") << function.getName() << " takes " << bytes
                                     << " bytes to evaluate, every number in 8, more than the "
                                     << run.options.maxMemory << " of --max-memory";
  LogicalResult result = success();
  for (Subject &subject : subjects) {
    run.stage.set(("in @" + subject.function.getName()).str());
    if (run.options.derivatives() && failed(checkGradients(subject, run.options)))
      result = failure();
    else if (!run.options.derivatives() && !run.options.runsCompiled() &&
             failed(evaluateAndPrint(subject.function, run.options)))
      result = failure();
  }
  if (run.options.runsCompiled())
    if (failed(runCompiled(llvm::to_vector(module.getOps<func::FuncOp>()), run)))
      result = failure();
  return result;
}

/// Without the entries, and their companions, that need more rows. Is one left?
FailureOr<bool> dropIfMoreIsNeeded(ModuleOp module, int64_t rows) {
  OwningOpRef<ModuleOp> copy = module.clone();
  if (failed(takeCompanions(*copy)))
    return failure();
  bool isLeft = false;
  for (auto function : llvm::make_early_inc_range(module.getOps<func::FuncOp>())) {
    const auto entry = copy->lookupSymbol<func::FuncOp>(entryOf(function));
    const std::optional<OpenDim> dim = openDimOf(entry);
    if (dim && dim->least > rows)
      function.erase();
    else
      isLeft = true;
  }
  return isLeft;
}

/// Runs a module whose entries may have an open dim: for each number of rows, all that is done to
/// them as bound to it. Entries that need more rows are left out.
LogicalResult runForRows(ModuleOp module, Run &run) {
  SmallVector<func::FuncOp> open;
  for (auto function : llvm::make_early_inc_range(module.getOps<func::FuncOp>()))
    if (!run.options.function.empty() && entryOf(function) != run.options.function)
      function.erase();
    else if (openDimOf(function) && !isCompanion(function))
      open.push_back(function);
  if (open.empty())
    return runModule(module, run);
  int64_t most = INT64_MAX;
  for (func::FuncOp function : open)
    most = std::min(most, openDimOf(function)->rows);
  if (!run.options.rows.empty())
    run.open = module;
  run.compiledOpen.reset();
  LogicalResult result = success();
  for (int64_t rows : run.options.rows.empty() ? std::vector{most} : run.options.rows) {
    if (rows > most) {
      llvm::errs() << "kerf-run: --rows " << rows << ": an entry has " << most << " rows at most\n";
      return failure();
    }
    if (!run.options.rows.empty())
      llvm::outs() << rows << (rows == 1 ? " row\n" : " rows\n");
    OwningOpRef<ModuleOp> bound = module.clone();
    FailureOr<bool> isLeft = dropIfMoreIsNeeded(*bound, rows);
    if (succeeded(isLeft) && !*isLeft) {
      llvm::errs() << "kerf-run: --rows " << rows << ": every entry needs more\n";
      return failure();
    }
    if (failed(isLeft) || failed(bindRows(*bound, rows)) || failed(runModule(*bound, run)))
      result = failure();
  }
  run.open = {};
  return result;
}

/// Runs one `// -----` part of a file, with `lines` newlines before it so that line numbers hold.
LogicalResult runChunk(StringRef text, StringRef name, size_t lines, Run &run) {
  DialectRegistry registry;
  registerDialects(registry);
  CompiledModule::registerDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.printOpOnDiagnostic(false);
  auto sources = std::make_shared<llvm::SourceMgr>();
  sources->AddNewSourceBuffer(
      llvm::MemoryBuffer::getMemBufferCopy(std::string(lines, '\n') + text.str(), name), {});
  // MLIR's own handler would open whatever a location names, a device without end too.
  ScopedDiagnosticHandler handler(&context, [](Diagnostic &diagnostic) {
    llvm::errs() << describe(diagnostic);
    return success();
  });
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(sources, &context);
  return module ? runForRows(*module, run) : failure();
}

/// Every part of the file that is not about an expected error.
LogicalResult runFile(const std::string &name, Run &run) {
  if (name != "-" && llvm::sys::fs::exists(name) && !llvm::sys::fs::is_regular_file(name)) {
    llvm::errs() << "kerf-run: " << name << ": this is no file\n";
    return failure();
  }
  auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(name, /*IsText=*/true);
  if (!buffer) {
    llvm::errs() << "kerf-run: " << name << ": " << buffer.getError().message() << "\n";
    return failure();
  }
  SmallVector<StringRef> chunks;
  (*buffer)->getBuffer().split(chunks, "// -----");
  LogicalResult result = success();
  size_t lines = 0;
  for (StringRef chunk : chunks) {
    if (!chunk.contains("expected-error") && !chunk.trim().empty() &&
        failed(runChunk(chunk, name, lines, run)))
      result = failure();
    lines += chunk.count('\n');
  }
  if (run.matched == 0 && !run.options.function.empty()) {
    llvm::errs() << "kerf-run: " << name << ": there is no function @" << run.options.function
                 << "\n";
    return failure();
  }
  return result;
}

} // namespace

int main(int argc, char **argv) {
  Options options;
  CLI::App app(
      "Runs every function of .mlir files on random inputs, by the ops' own meaning "
      "(`evaluate`) or compiled.\nAn argument attribute kerf.range = [low, high] gives the "
      "range of its values.\nParts of a file (split by `// -----`) that expect an error are "
      "skipped. KERF_PRINT=emit,differentiate,lower,llvm prints phases.\n"
      "Exit code: 0 if everything ran and agreed, 1 if not, 2 for a wrong command line.",
      "kerf-run");
  CLI::Option *files = app.add_option("files", options.files, "what to run; - is standard input");
  app.add_option("--function", options.function, "only the function of this name");
  app.add_option("--mode", options.mode, "how floats are rounded: f64 not at all, as-typed by type")
      ->check(CLI::IsMember({"f64", "as-typed"}))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "of the inputs")
      // Without it -1 is the largest number that there is; what does not fit is INT64_MAX.
      ->check(CLI::Range(int64_t{0}, INT64_MAX - 1))
      ->capture_default_str();
  app.add_option(
         "--range", options.ranges,
         "NAME=LOW:HIGH of random inputs, for an argument, a role or a leaf, as adam=0:1 or "
         "adam.v=0:1; again for another, the last one holds")
      ->allow_extra_args(false)
      ->check([](const std::string &text) -> std::string {
        InputRange range;
        return InputRange::parse(text, range) ? "" : "wants NAME=LOW:HIGH, as adam=0:1";
      });
  app.add_option("--limit", options.limit, "elements to print per tensor")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_flag("--gradient", options.gradient,
               "compare gradients, and tangents of forward mode, with central differences, in f64");
  app.add_flag("--second", options.second,
               "what is done to gradients, to their gradients too; alone it is --gradient as well");
  CLI::Option *comparing = app.add_flag(
      "--compare", options.compare,
      "compare compiled values, and gradients (with --second their gradients too), with the "
      "oracle's, which follows the compiled decisions (argmin, compare)");
  app.add_flag("--exact", options.exact,
               "compare to the last bit: no rounding is excused, which suits elements of narrow "
               "types, that are computed in f32 and rounded once")
      ->needs(comparing);
  app.add_option(
         "--rows", options.rows,
         "of the calls of entries with an open dim, whose bits have to be those of the "
         "entry bound to it; again for another number. Without it they are bound to the most")
      ->allow_extra_args(false)
      ->check(CLI::PositiveNumber);
  app.add_flag("--compiled", options.compiled, "print compiled values");
  addOption(app, options.targets);
  app.add_flag("--same-bits", options.sameBits,
               "compare compiled values by each body that this machine can run and by each number "
               "of --threads with one another, and with nothing else");
  app.add_option("--match", options.match,
                 "compare compiled values and gradients with this family fused and without")
      ->check(CLI::IsMember(familyNames()));
  app.add_option("--stream-from", options.fusion.streamFrom,
                 "with how many scores a softmax is run by blocks of rows")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--stream-block", options.fusion.streamBlock,
                 "how many scores such a block has, about")
      ->check(CLI::PositiveNumber);
  app.add_option("--tolerance", options.tolerance,
                 "of floats, relative to the largest magnitude in the tensor")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option(
         "--threads", options.threads,
         "that share a compiled call, calls below the usual size too where values are compared "
         "with others'; again for another number. Bits that depend on it are an error. Without it "
         "1, 2, 3, 7, and more than there are cores")
      ->allow_extra_args(false)
      ->check(CLI::Range(int64_t{1}, int64_t{KERF_MAX_WORKERS}))
      ->capture_default_str();
  app.add_option("--timeout", options.timeout, "seconds that a file may take")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--max-memory", options.maxMemory,
                 "bytes that the oracle's tensors may take at once, as 4GiB")
      ->transform(CLI::AsSizeValue(false))
      ->capture_default_str();
  fuzz::Options random;
  std::vector<std::uint64_t> numbers;
  CLI::Option *fuzzing =
      app.add_option(
             "--fuzz", numbers,
             "in place of files: seed and number of random programs, which are compiled, "
             "fused and not, and compared with the oracle; what fails is shrunk and written "
             "to fuzz_<seed>_<number>.mlir")
          ->expected(2)
          ->check(CLI::Range(int64_t{0}, INT64_MAX - 1))
          ->excludes(files);
  app.add_option("--first", random.first, "number of the first random program")
      ->check(CLI::Range(int64_t{0}, INT64_MAX - 1))
      ->needs(fuzzing);
  app.add_option("--fuzz-folder", random.folder, "where shrunk programs are written")
      ->needs(fuzzing)
      ->capture_default_str();
  app.add_option("--tries", random.tries, "to take something away from a program that fails")
      ->needs(fuzzing)
      ->capture_default_str();
  app.add_flag("--open", random.open,
               "random programs whose leading dim is open, against those bound to a number of rows")
      ->needs(fuzzing);
  app.add_flag("--print", random.print, "print the random programs and do no more")->needs(fuzzing);
  app.callback([&] {
    if (!*fuzzing && !*files)
      throw CLI::RequiredError("files, or --fuzz SEED COUNT");
  });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (options.compares() || *fuzzing)
    for (Target &target : options.targets)
      target.sharing = Sharing::always();
  if (*fuzzing) {
    random.seed = numbers[0];
    random.count = numbers[1];
    random.limits.targets = options.targets;
    return fuzz::run(random) ? 0 : 1;
  }
  bool allRan = true;
  for (const std::string &file : options.files) {
    std::string died;
    int code = runWorker(
        [&](Stage &stage) {
          Run run{options, stage};
          return succeeded(runFile(file, run)) ? 0 : 1;
        },
        options.timeout, died);
    if (!died.empty())
      llvm::errs() << "kerf-run: " << file << ": " << died << "\n";
    allRan &= code == 0;
  }
  return allRan ? 0 : 1;
}
