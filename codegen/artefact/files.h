// The files that a compiled model becomes: object, archive, typed header, manifest.
#pragma once

#include "codegen/compiled.h"

#include "llvm/Support/Error.h"

#include <string>

namespace kerf::codegen {

/// What the files say about a model beside its code.
struct Artefact {
  Compiled compiled;
  std::string sourceHash;   ///< of the module that was compiled
  std::string trainingHash; ///< of its entries that change a role
};

/// SHA-256 of the module's text without locations, so that a moved source tree changes nothing.
std::string hashSource(mlir::ModuleOp module);

/// The same of the entries that change a role, and of what they call: what a state was trained by,
/// whatever else can be asked of it.
std::string hashTraining(mlir::ModuleOp module);

/// The C and C++ header <model>.h. Fails if a name cannot be said in C++, or a tensor's name is
/// also that of a group of tensors.
llvm::Expected<std::string> writeHeader(const Artefact &artefact);

/// Bytes of an ELF object that a program maps: its code and its read-only data.
llvm::Expected<std::uint64_t> codeBytes(llvm::StringRef object);

/// The manifest <model>.json.
llvm::Expected<std::string> writeManifest(const Artefact &artefact);

/// Writes `content` to a temporary that is renamed to <folder>/<name>; makes the folder.
llvm::Error writeFile(llvm::StringRef folder, llvm::StringRef name, llvm::StringRef content);

/// Writes <model>.o, lib<model>.a, <model>.h, <model>.json and <model>.fusion.json to `folder`,
/// each to a temporary; these are renamed when all are complete. The header goes first and comes
/// last, so that an interrupted compile leaves the old set or one without a header.
llvm::Error writeArtefact(const Artefact &artefact, llvm::StringRef folder);

} // namespace kerf::codegen
