// Random programs with an open dim, against the same programs bound to a number of rows.
#include "compiler/open.h"
#include "codegen/tools/compare.h"
#include "codegen/tools/fuzz/author.h"
#include "codegen/tools/fuzz/fuzz.h"
#include "codegen/tools/inputs.h"
#include "codegen/tools/worker.h"

#include "mlir/IR/Verifier.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen::fuzz {

namespace {

constexpr int64_t mostRows = 29; ///< no extent is by chance

/// What a worker says of a program.
enum class Verdict : int { same, unlike, refused, differs };

/// The program as an open entry with its companions.
OwningOpRef<ModuleOp> openProgram(MLIRContext &context, std::uint64_t seed, std::uint64_t number) {
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
  const auto add = [&](int64_t more) {
    markOpen(addProgram(*module, seed, number, mostRows + more), {"B", mostRows + more}, more);
  };
  // A companion takes its entry's name away while it is made.
  for (int64_t more : companionRows(mostRows))
    add(more);
  add(0);
  return module;
}

std::string compareFor(CompiledModule &open, ModuleOp module, int64_t rows, Target target,
                       Verdict &outcome) {
  OwningOpRef<ModuleOp> bound = module.clone();
  std::string error;
  if (failed(bindRows(*bound, rows)) || failed(verify(*bound))) {
    outcome = Verdict::unlike;
    return "";
  }
  auto function = *bound->getOps<func::FuncOp>().begin();
  target.sharing = {}; // other tasks, the same bits
  auto compiled = CompiledModule::compile(*bound, error, {}, target);
  if (!compiled)
    return "not compiled: " + error;
  compiled->workers = {1};
  const std::vector<Literal> inputs = randomInputs(function, 1);
  std::vector<Literal> got = open.run(function, inputs, error), want;
  if (error.empty())
    want = compiled->run(function, inputs, error);
  return error.empty() ? firstDifference(function, got, "the open entry", want, "the bound one")
                       : error;
}

Verdict check(ModuleOp module, const Target &target, std::string &text) {
  const ScopedDiagnosticHandler mute(module.getContext(), [](Diagnostic &) { return success(); });
  OwningOpRef<ModuleOp> sample = module.clone();
  if (failed(verify(module)) || failed(bindRows(*sample, 7)))
    return Verdict::unlike;
  std::string error;
  auto open = CompiledModule::compile(module, error, {}, target);
  if (!open)
    return Verdict::refused;
  open->workers = {1, 3};
  Verdict outcome = Verdict::same;
  for (int64_t rows : {int64_t(1), int64_t(2), int64_t(7), mostRows}) {
    text = compareFor(*open, module, rows, target, outcome);
    if (!text.empty()) {
      text += " (" + std::to_string(rows) + " rows)";
      return Verdict::differs;
    }
    if (outcome != Verdict::same)
      return outcome;
  }
  return outcome;
}

} // namespace

bool runOpen(MLIRContext &context, const Options &options) {
  std::array<std::uint64_t, 4> counts{};
  for (std::uint64_t number = options.first; number < options.first + options.count; ++number) {
    OwningOpRef<ModuleOp> module = openProgram(context, options.seed, number);
    if (options.print) {
      llvm::outs() << *module << "\n";
      continue;
    }
    std::string died;
    int code = runWorker(
        [&](Stage &stage) {
          std::string text;
          const Verdict outcome = check(*module, options.limits.targets.back(), text);
          if (!text.empty())
            llvm::errs() << "fuzz: open program " << number << " of seed " << options.seed
                         << " differs: " << text << "\n";
          return int(outcome);
        },
        options.limits.seconds * 5, died);
    if (!died.empty()) {
      llvm::errs() << "fuzz: open program " << number << " of seed " << options.seed << " " << died
                   << "\n";
      code = int(Verdict::differs);
    }
    ++counts[std::clamp(code, 0, 3)];
  }
  const std::uint64_t same = counts[int(Verdict::same)], differ = counts[int(Verdict::differs)];
  llvm::outs() << "fuzz: " << options.count << " open programs: " << same
               << " with the bits of bound ones, " << differ << " differences, "
               << counts[int(Verdict::refused)] << " refused, " << counts[int(Verdict::unlike)]
               << " that are none\n";
  return options.print || (differ == 0 && 10 * same >= options.count);
}

} // namespace kerf::codegen::fuzz
