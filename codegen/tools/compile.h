// A .mlir file becomes an artefact, in a worker process: what kerf-compile and every generator do.
#pragma once

#include "codegen/target.h"
#include "compiler/families/family.h"

#include <string>

namespace CLI {
class App;
}

namespace kerf::codegen {

/// What the tools end with.
enum ExitCode : int {
  success_code = 0,
  model_error = 1,   ///< the model is wrong, or a file cannot be read or written
  usage_error = 2,   ///< the command line is wrong
  compiler_error = 3 ///< the compiler crashed or took too long: a bug in it
};

struct CompileJob {
  std::string source; ///< the .mlir file; it is the reproducer of any crash
  std::string folder; ///< where the artefact goes
  std::string root;   ///< the folder from which the source's relative locations count; may be empty
  std::vector<Target> targets = allTargets();
  double seconds = 600; ///< the worker's time limit
  compiler::FusionOptions fusion;
  bool report = false;        ///< print every entry's kernels
  std::uint64_t maxArena = 0; ///< bytes; 0: what can be addressed, with a warning from 16 GiB on
  Sanitizer sanitizer = Sanitizer::none;
};

/// The command line's options about code: --target, --no-fuse, --explain, --report, --max-arena,
/// --sanitize.
void addOptions(CLI::App &app, CompileJob &job);

/// --target alone; as it was given, `targets` is the default.
void addOption(CLI::App &app, std::vector<Target> &targets);

/// Compiles and writes the artefact. Says on stderr what is wrong; a crash is reported with its
/// phase and the command that repeats it.
ExitCode compileFile(const CompileJob &job);

} // namespace kerf::codegen
