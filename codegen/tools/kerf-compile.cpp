// A .mlir file of entries becomes an artefact: object, archive, header, manifest.
#include "codegen/tools/compile.h"

#include <CLI/CLI.hpp>

int main(int argc, char **argv) {
  kerf::codegen::CompileJob job;
  job.folder = ".";
  CLI::App app("Compiles <model>.mlir to <model>.o, lib<model>.a, <model>.h, <model>.json\n"
               "and <model>.fusion.json.\n"
               "Ends with 0, or 1: the model is wrong, 2: the command line is wrong, 3: the "
               "compiler failed.");
  app.add_option("source", job.source, "the .mlir file, as a generator writes it")->required();
  app.add_option("-o,--output-dir", job.folder, "folder of the artefact")->capture_default_str();
  app.add_option("--time-limit", job.seconds, "seconds")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  addOptions(app, job);
  app.footer("KERF_PRINT=emit,differentiate,lower,fuse,buffers,loops,llvm shows the module after "
             "these phases.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? kerf::codegen::success_code : kerf::codegen::usage_error;
  }
  return kerf::codegen::compileFile(job);
}
