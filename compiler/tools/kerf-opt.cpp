// mlir-opt with the kerf dialect: runs passes on .mlir files.
#include "compiler/emit.h"
#include "compiler/pipeline.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "llvm/Support/FileSystem.h"

using namespace mlir;

/// Does a location name something that exists and is no file?
static bool namesDevice(Location location) {
  bool isDevice = false;
  location->walk([&](Location part) {
    if (auto line = dyn_cast<FileLineColLoc>(part)) {
      const StringRef file = line.getFilename().getValue();
      isDevice |= llvm::sys::fs::exists(file) && !llvm::sys::fs::is_regular_file(file);
    }
    return isDevice ? WalkResult::interrupt() : WalkResult::advance();
  });
  return isDevice;
}

/// Upstream's handler shows the line that a location names, and reads a device without end for it:
/// a diagnostic at such a place, or with a note there, is printed without.
static void guardLocations(MLIRContext *context) {
  context->getDiagEngine().registerHandler([](Diagnostic &diagnostic) {
    if (!namesDevice(diagnostic.getLocation()) &&
        llvm::none_of(diagnostic.getNotes(),
                      [](Diagnostic &note) { return namesDevice(note.getLocation()); }))
      return failure();
    llvm::errs() << kerf::compiler::describe(diagnostic);
    return success();
  });
}

int main(int argc, char **argv) {
  DialectRegistry registry;
  registerAllDialects(registry);
  registerAllExtensions(registry);
  registerAllPasses();
  kerf::compiler::registerDialects(registry);
  kerf::compiler::registerPasses();
  // A dialect is loaded when a file is read, so that this handler comes after upstream's and is
  // asked before it.
  registry.addExtension(
      +[](MLIRContext *context, func::FuncDialect *) { guardLocations(context); });
  return asMainReturnCode(
      MlirOptMain(argc, argv, "kerf-opt: the kerf compiler's passes\n", registry));
}
