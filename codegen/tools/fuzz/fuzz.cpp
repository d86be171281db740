#include "codegen/tools/fuzz/fuzz.h"

#include "codegen/tools/compare.h"
#include "codegen/tools/fuzz/author.h"
#include "codegen/tools/fuzz/shrink.h"
#include "compiler/pipeline.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <set>
#include <unistd.h>

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen::fuzz {

namespace {

constexpr std::uint64_t perModule = 25;    ///< a compile takes its time whatever it holds
constexpr std::uint64_t coveredFrom = 100; ///< programs, in which every op should have come up
/// A gradient has to be asked of a loss that an f32 attention in its region has gone into.
constexpr StringLiteral rareOp = "kerf.attention_vjp";
constexpr std::uint64_t rareFrom = 5000;
constexpr int shrunkAtMost = 10;

/// The same mistake, as far as words can tell: the numbers change while a program shrinks.
bool isAlike(const Finding &a, const Finding &b) {
  auto words = [](const Finding &finding) {
    const bool isNumeric = finding.kind == "differs";
    std::string text =
        isNumeric ? StringRef(finding.text).split(": result").first.str() : finding.text;
    std::erase_if(text, [](char c) { return !llvm::isAlpha(c) && c != ' '; });
    return finding.kind + StringRef(text).take_front(40).str();
  };
  return words(a) == words(b);
}

class Fuzzer {
public:
  Fuzzer(MLIRContext &context, const Options &options) : context(context), options(options) {}

  bool run() {
    for (std::uint64_t first = options.first; first < end(); first += perModule) {
      const std::uint64_t last = std::min(first + perModule, end());
      std::vector<std::uint64_t> numbers;
      for (std::uint64_t number = first; number < last; ++number)
        numbers.push_back(number);
      runTogether(numbers);
      if (isatty(STDOUT_FILENO)) {
        llvm::outs() << "\rfuzz: " << last - options.first << " programs, " << differences
                     << " differences";
        llvm::outs().flush();
      }
    }
    if (isatty(STDOUT_FILENO))
      llvm::outs() << "\r";
    return report();
  }

  void print() {
    std::vector<std::uint64_t> numbers;
    for (std::uint64_t number = options.first; number < end(); ++number)
      numbers.push_back(number);
    llvm::outs() << *programs(numbers) << "\n";
  }

private:
  std::uint64_t end() const { return options.first + options.count; }

  OwningOpRef<ModuleOp> programs(ArrayRef<std::uint64_t> numbers) {
    OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
    for (std::uint64_t number : numbers)
      addProgram(*module, options.seed, number);
    return module;
  }

  /// All in one module; those that fail, or all if it is not known which, once more alone.
  void runTogether(ArrayRef<std::uint64_t> numbers) {
    OwningOpRef<ModuleOp> module = programs(numbers);
    Outcome outcome = check(*module, options.limits);
    covered.insert(outcome.covered.begin(), outcome.covered.end());
    decided += outcome.decided;
    if (outcome.findings.empty())
      return;
    bool isFound = false;
    for (std::uint64_t number : numbers) {
      OwningOpRef<ModuleOp> alone = programs(number);
      Outcome single = check(*alone, options.limits);
      if (single.findings.empty())
        continue;
      isFound = true;
      report(number, std::move(alone), single.findings.front());
    }
    if (!isFound) // only beside the others
      report(numbers.front(), std::move(module), outcome.findings.front(), /*together=*/true);
  }

  void report(std::uint64_t number, OwningOpRef<ModuleOp> module, const Finding &finding,
              bool together = false) {
    ++differences;
    llvm::errs() << "fuzz: program " << number << " of seed " << options.seed << " "
                 << (together ? "beside those after it " : "") << finding.kind << ": "
                 << finding.text << "\n";
    Finding last = finding;
    if (!together && finding.kind != "invalid" && differences <= shrunkAtMost)
      shrink(
          module,
          [&](ModuleOp candidate) {
            Outcome outcome = check(candidate, options.limits);
            if (outcome.findings.empty() || !isAlike(outcome.findings.front(), finding))
              return false;
            last = outcome.findings.front();
            return true;
          },
          options.tries);
    llvm::SmallString<128> path(options.folder);
    llvm::sys::path::append(path, "fuzz_" + std::to_string(options.seed) + "_" +
                                      std::to_string(number) + ".mlir");
    std::error_code error;
    llvm::raw_fd_ostream file(path, error);
    if (error) {
      llvm::errs() << "fuzz: " << path << ": " << error.message() << "\n";
      return;
    }
    file << "// " << last.kind << ": " << last.text << "\n" << *module << "\n";
    llvm::errs() << "  shrunk to " << path << ": kerf-run --compare " << path << " --stream-from "
                 << fewScores << " --stream-block " << fewScores
                 << "\n  repeated by kerf-run --fuzz " << options.seed << " 1 --first " << number
                 << "\n";
  }

  /// Every op of the dialect comes up if the programs are many.
  bool report() {
    std::vector<std::string> all, missing;
    for (RegisteredOperationName name : context.getRegisteredOperations())
      if (name.getDialectNamespace() == "kerf")
        all.push_back(name.getStringRef().str());
    std::copy_if(all.begin(), all.end(), std::back_inserter(missing),
                 [&](const std::string &name) { return !covered.count(name); });
    llvm::outs() << "fuzz: " << options.count << " programs, " << differences << " differences, "
                 << decided << " decided within rounding, ops covered "
                 << all.size() - missing.size() << " of " << all.size() << "\n";
    llvm::erase_if(missing, [&](StringRef name) {
      return options.count < (name == rareOp ? rareFrom : coveredFrom);
    });
    if (!missing.empty())
      llvm::errs() << "fuzz: no program has " << llvm::join(missing, ", ") << "\n";
    return differences == 0 && missing.empty();
  }

  MLIRContext &context;
  const Options &options;
  std::set<std::string> covered;
  std::int64_t differences = 0, decided = 0;
};

} // namespace

bool run(const Options &options) {
  DialectRegistry registry;
  registerDialects(registry);
  CompiledModule::registerDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  context.printOpOnDiagnostic(false);
  ScopedDiagnosticHandler mute(&context, [](Diagnostic &diagnostic) {
    return success(diagnostic.getSeverity() != DiagnosticSeverity::Error);
  });
  if (options.open)
    return runOpen(context, options);
  Fuzzer fuzzer(context, options);
  if (!options.print)
    return fuzzer.run();
  fuzzer.print();
  return true;
}

} // namespace kerf::codegen::fuzz
