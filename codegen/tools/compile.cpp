#include "codegen/tools/compile.h"

#include "codegen/artefact/files.h"
#include "codegen/artefact/report.h"
#include "codegen/compile.h"
#include "codegen/tools/worker.h"
#include "compiler/emit.h"
#include "compiler/pipeline.h"
#include "compiler/printable.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <CLI/CLI.hpp>

#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen {

/// LLVM gives up: say so, instead of aborting.
static void giveUp(void *stage, const char *reason, bool) {
  llvm::errs() << "kerf: LLVM gave up " << static_cast<Stage *>(stage)->get() << ": " << reason
               << "\n";
  _exit(compiler_error);
}

static ExitCode complain(llvm::Error error) {
  llvm::errs() << "kerf: " << toString(std::move(error)) << "\n";
  return model_error;
}

/// What the worker does.
static ExitCode compileHere(const CompileJob &job, Stage &stage) {
  stage.set("while reading " + job.source);
  DialectRegistry registry;
  registerDialects(registry);
  registerCodegen(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.printOpOnDiagnostic(false); // the line says more than the op's text, a whole entry's even
  ScopedDiagnosticHandler print(&context, [&](Diagnostic &diagnostic) {
    llvm::errs() << describe(diagnostic, job.root);
    return mlir::success();
  });
  auto module = parseSourceFile<ModuleOp>(job.source, &context);
  if (!module)
    return model_error;
  std::string hash = hashSource(*module), training = hashTraining(*module);

  stage.set("before the first phase");
  observePhases([&](StringRef phase) { stage.set("after the phase " + phase.str()); });
  FailureOr<Compiled> compiled =
      compile(*module, job.targets, job.fusion, job.maxArena, job.sanitizer);
  if (failed(compiled))
    return model_error;

  stage.set("while writing the artefact");
  if (job.report)
    (llvm::outs() << planTable(compiled->plans)).flush();
  if (llvm::Error error = writeArtefact({std::move(*compiled), hash, training}, job.folder))
    return complain(std::move(error));
  return success_code;
}

void addOption(CLI::App &app, std::vector<Target> &targets) {
  std::vector<std::string> names;
  for (const Target &target : targets)
    names.push_back(target.name);
  app.add_option_function<std::vector<std::string>>(
         "--target",
         [&targets](const std::vector<std::string> &wanted) {
           std::string error;
           if (!parseTargets(wanted, targets, error))
             throw CLI::ValidationError(error);
         },
         "what to compile for; with several of it a call runs the best that the machine can")
      ->allow_extra_args(false) // what follows one may be a file
      ->default_str(llvm::join(names, " "));
}

void addOptions(CLI::App &app, CompileJob &job) {
  addOption(app, job.targets);
  app.add_option("--no-fuse", job.fusion.off, "families that stay plain ops")
      ->check(CLI::IsMember(familyNames()));
  app.add_flag("--explain", job.fusion.explain,
               "say of every place where a family could fuse whether it did, or what to edit");
  app.add_flag("--report", job.report,
               "print every entry's kernels with their work, bytes and least time, longest first");
  app.add_option(
         "--max-arena", job.maxArena,
         "bytes of scratch memory that an entry may need, as 4GiB; without it a large arena "
         "is a warning")
      ->transform(CLI::AsSizeValue(false));
  app.add_option_function<std::string>(
         "--sanitize", [&job](const std::string &) { job.sanitizer = Sanitizer::thread; },
         "for finding data races: code tells ThreadSanitizer every access of memory; link it with "
         "clang's -fsanitize=thread, and the runtime compiled so")
      ->check(CLI::IsMember({"thread"}));
}

ExitCode compileFile(const CompileJob &job) {
  if (!llvm::sys::fs::is_regular_file(job.source)) {
    llvm::errs() << "kerf: there is no file " << printable(job.source) << "\n";
    return model_error;
  }
  std::string died;
  int code = runWorker(
      [&](Stage &stage) -> int {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        llvm::install_fatal_error_handler(giveUp, &stage);
        return compileHere(job, stage);
      },
      job.seconds, died);
  if (code < 0)
    llvm::errs() << "kerf: the compiler " << died << "\n";
  if (code < 0 || code == compiler_error) {
    llvm::errs() << "  this is a bug in Kerf; what repeats it is\n    kerf-compile " << job.source
                 << " -o " << job.folder;
    for (const Target &target : job.targets)
      llvm::errs() << " --target " << target.name;
    llvm::errs() << "\n";
    return compiler_error;
  }
  return ExitCode(code);
}

} // namespace kerf::codegen
