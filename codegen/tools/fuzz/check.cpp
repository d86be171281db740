#include "codegen/tools/fuzz/check.h"

#include "codegen/tools/compare.h"
#include "codegen/tools/inputs.h"
#include "codegen/tools/worker.h"
#include "compiler/dialect.h"
#include "compiler/pipeline.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/raw_ostream.h"

#include <cstring>
#include <sys/mman.h>
#include <sys/resource.h>

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen::fuzz {

namespace {

constexpr rlim_t memory = rlim_t(4) << 30;

/// What a worker tells: lines in a page that it shares.
class Pages {
public:
  static constexpr size_t size = 1 << 20;
  Pages() {
    void *pages = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    text = pages == MAP_FAILED ? nullptr : static_cast<char *>(pages);
  }
  ~Pages() {
    if (text)
      munmap(text, size);
  }
  Pages(const Pages &) = delete;
  Pages &operator=(const Pages &) = delete;
  void set(StringRef lines) {
    if (text)
      std::memcpy(text, lines.data(), std::min(lines.size(), size - 1));
  }
  StringRef get() const { return text ? text : ""; }

private:
  char *text;
};

/// Results that are there already, as if they had just been computed.
class Recorded : public CompiledModule {
public:
  explicit Recorded(std::vector<Literal> results) : results(std::move(results)) {}
  std::vector<Literal> run(func::FuncOp, ArrayRef<Literal>, std::string &) override {
    return results;
  }

private:
  std::vector<Literal> results;
};

/// The check of one module, in the worker.
class Checker {
public:
  Checker(ModuleOp module, const Limits &limits, Stage &stage)
      : module(module), limits(limits), stage(stage) {}

  Outcome run() {
    ScopedDiagnosticHandler collect(module.getContext(), [&](Diagnostic &diagnostic) {
      if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
        diagnostics += diagnostic.str() + "; ";
      return success();
    });
    stage.set("while it was verified");
    if (failed(verify(module)))
      note("", "invalid", diagnostics);
    else if (!readsAsPrinted())
      note("", "text", "it does not read as it is printed: " + diagnostics);
    else
      compareAll();
    return std::move(outcome);
  }

private:
  void note(StringRef program, StringRef kind, const Twine &text) {
    outcome.findings.push_back({program.str(), kind.str(), text.str()});
  }

  static std::string printed(ModuleOp module) {
    std::string text;
    llvm::raw_string_ostream(text) << module;
    return text;
  }

  bool readsAsPrinted() {
    const std::string text = printed(module);
    auto again = parseSourceString<ModuleOp>(text, module.getContext());
    return again && printed(*again) == text;
  }

  /// A copy with gradients expanded, and with every decision among the results if `exposed`.
  /// `formed`: those of the families that form before derivatives are taken.
  OwningOpRef<ModuleOp> straightened(bool exposed, const FusionOptions *formed = nullptr) {
    stage.set("while it was differentiated");
    OwningOpRef<ModuleOp> copy = module.clone();
    PassManager pm(module.getContext());
    if (formed)
      buildForms(pm, *formed);
    buildEvaluation(pm);
    if (exposed)
      pm.addNestedPass<func::FuncOp>(createExposeDecisions());
    if (succeeded(pm.run(*copy)))
      return copy;
    note("", "not differentiated", diagnostics);
    return {};
  }

  /// Null if it was noted what went wrong.
  std::unique_ptr<CompiledModule> compiled(ModuleOp from, const FusionOptions &fusion,
                                           ArrayRef<Target> targets) {
    stage.set("while it was compiled");
    std::string error;
    auto result = CompiledModule::compile(from, error, fusion, targets);
    if (!result)
      note("", "not compiled", diagnostics.empty() ? error : diagnostics);
    return result;
  }

  /// Of the entries that are wanted alone, for one target; null if none is.
  std::unique_ptr<CompiledModule> compiledOnly(ModuleOp from, const FusionOptions &fusion,
                                               llvm::function_ref<bool(func::FuncOp)> isWanted) {
    OwningOpRef<ModuleOp> some = from.clone();
    for (auto function : llvm::make_early_inc_range(some->getOps<func::FuncOp>()))
      if (!isWanted(function))
        function.erase();
    return some->getOps<func::FuncOp>().empty() ? nullptr
                                                : compiled(*some, fusion, limits.targets.back());
  }

  /// Notes what ops there are. The entries with fused ones.
  llvm::StringSet<> fusedEntries(ModuleOp from) {
    llvm::StringSet<> fused;
    for (auto function : from.getOps<func::FuncOp>())
      function.walk([&](Operation *op) {
        covered.insert(op->getName().getStringRef());
        if (isa<Fused>(op))
          fused.insert(function.getName());
      });
    return fused;
  }
  /// Of those that the families change behind derivatives.
  llvm::StringSet<> fusedEntries(ModuleOp from, const FusionOptions &fusion) {
    stage.set("while it was fused");
    OwningOpRef<ModuleOp> copy = from.clone();
    PassManager pm(module.getContext());
    buildFusion(pm, fusion);
    if (failed(pm.run(*copy)))
      note("", "not fused", diagnostics);
    return fusedEntries(*copy);
  }

  /// Compares one form of an entry with the oracle; its results.
  Comparison compareOne(CompiledModule &form, func::FuncOp exposed, ArrayRef<Literal> inputs,
                        StringRef what) {
    const unsigned numResults = original(exposed).getNumResults();
    Comparison comparison =
        compare(form, exposed, numResults, inputs, Evaluation::Mode::as_typed, limits.tolerance);
    if (!comparison.complaints.empty())
      note(exposed.getName(), "differs", what + ": " + llvm::join(comparison.complaints, "; "));
    return comparison;
  }

  func::FuncOp original(func::FuncOp function) {
    return module.lookupSymbol<func::FuncOp>(function.getName());
  }

  void compareAll() {
    FusionOptions on, off;
    on.streamFrom = fewScores;
    on.streamBlock = fewScores;
    off.off = familyNames();
    OwningOpRef<ModuleOp> exposed = straightened(true), bare = straightened(false, &on);
    if (!exposed || !bare)
      return;
    const llvm::StringSet<> fused = fusedEntries(*exposed, on), formed = fusedEntries(*bare);
    (void)fusedEntries(module);
    for (const auto &name : covered)
      outcome.covered.push_back(name.getKey().str());
    auto hasDecisions = [&](func::FuncOp function) {
      auto all = exposed->lookupSymbol<func::FuncOp>(function.getName());
      return original(function).getNumResults() < all.getNumResults();
    };
    auto isFused = [&](func::FuncOp function) { return fused.contains(function.getName()); };
    auto isOther = [&](func::FuncOp function) { // than `exposed` is
      return hasDecisions(function) || formed.contains(function.getName());
    };
    auto withFamilies = compiled(*exposed, on, limits.targets),
         without = compiledOnly(*exposed, off, isFused),
         asWritten = compiledOnly(*bare, on, isOther);
    if (!outcome.findings.empty())
      return;
    for (auto function : exposed->getOps<func::FuncOp>()) {
      const std::string name = function.getName().str();
      const size_t findings = outcome.findings.size();
      std::vector<Literal> inputs = randomInputs(function, limits.inputs);
      stage.set("in compiled @" + name);
      Comparison comparison = compareOne(*withFamilies, function, inputs, "compiled");
      bool decided = !comparison.decided.empty();
      if (isFused(function) && outcome.findings.size() == findings)
        decided |= !compareOne(*without, function, inputs, "not fused").decided.empty();
      if (isOther(function) && outcome.findings.size() == findings) {
        const unsigned numResults = original(function).getNumResults();
        stage.set("in compiled @" + name + ", as it is written");
        std::string error;
        std::vector<Literal> results = asWritten->run(original(function), inputs, error);
        results.insert(results.end(), comparison.results.begin() + numResults,
                       comparison.results.end());
        Recorded recorded(std::move(results));
        if (!decided)
          compareOne(recorded, function, inputs, "as it is written");
      }
      outcome.decided += decided;
    }
  }

  ModuleOp module;
  const Limits &limits;
  Stage &stage;
  Outcome outcome;
  llvm::StringSet<> covered;
  std::string diagnostics;
};

/// An outcome as lines of fields, and back.
std::string encoded(const Outcome &outcome) {
  std::string lines = std::to_string(outcome.decided) + "\n" + llvm::join(outcome.covered, "\t");
  for (const Finding &finding : outcome.findings) {
    std::string text = finding.text;
    std::replace(text.begin(), text.end(), '\n', ' ');
    lines += "\n" + finding.program + "\t" + finding.kind + "\t" + text;
  }
  return lines;
}

Outcome decoded(StringRef text) {
  Outcome outcome;
  SmallVector<StringRef> lines, fields;
  text.split(lines, '\n');
  if (lines.size() < 2)
    return outcome;
  (void)llvm::to_integer(lines[0], outcome.decided);
  lines[1].split(fields, '\t', -1, /*KeepEmpty=*/false);
  outcome.covered.assign(fields.begin(), fields.end());
  for (StringRef line : ArrayRef(lines).drop_front(2)) {
    auto [program, rest] = line.split('\t');
    auto [kind, what] = rest.split('\t');
    outcome.findings.push_back({program.str(), kind.str(), what.str()});
  }
  return outcome;
}

bool isSlow(StringRef died) { return died.starts_with("took"); }

} // namespace

Outcome check(ModuleOp module, const Limits &limits) {
  Pages pages;
  std::string died;
  const size_t size = llvm::range_size(module.getOps<func::FuncOp>());
  runWorker(
      [&](Stage &stage) {
        const rlimit limit = {memory, memory}, none = {0, 0};
        setrlimit(RLIMIT_AS, &limit);
        setrlimit(RLIMIT_CORE, &none);
        pages.set(encoded(Checker(module, limits, stage).run()));
        return 0;
      },
      limits.seconds * double(std::max<size_t>(1, size)), died);
  Outcome outcome = decoded(pages.get());
  if (!died.empty())
    outcome.findings = {{"", isSlow(died) ? "slow" : "died", died}};
  return outcome;
}

} // namespace kerf::codegen::fuzz
