// The files of an artefact: object, archive, header, manifest.
#include "codegen/artefact/files.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace llvm;

namespace kerf::codegen {

static std::string sha256(StringRef text) {
  return toHex(SHA256::hash(arrayRefFromStringRef(text)), /*LowerCase=*/true);
}

std::string hashSource(mlir::ModuleOp module) {
  std::string text;
  raw_string_ostream out(text);
  module.print(out, mlir::OpPrintingFlags().enableDebugInfo(false));
  return sha256(text);
}

std::string hashTraining(mlir::ModuleOp module) {
  std::string text;
  raw_string_ostream out(text);
  for (auto function : module.getOps<mlir::func::FuncOp>()) {
    const bool changesRole = any_of(seq(function.getNumResults()), [&](unsigned result) {
      return bool(function.getResultAttr(result, "kerf.role"));
    });
    if (changesRole || !function->hasAttr("kerf.entry"))
      function->print(out, mlir::OpPrintingFlags().enableDebugInfo(false));
  }
  return sha256(text);
}

Expected<std::uint64_t> codeBytes(StringRef object) {
  auto file = object::ELFObjectFile<object::ELF64LE>::create(MemoryBufferRef(object, "object"));
  if (!file)
    return file.takeError();
  std::uint64_t bytes = 0;
  for (object::ELFSectionRef section : file->sections())
    if ((section.getFlags() & ELF::SHF_ALLOC) && section.getType() != ELF::SHT_NOBITS)
      bytes += section.getSize();
  return bytes;
}

// ---- the manifest ----------------------------------------------------------------------------

static StringRef spellAccess(std::uint32_t access) {
  return access == KERF_READ ? "read" : access == KERF_WRITE ? "write" : "read and write";
}

static json::Object toJson(const Argument &block) {
  json::Array leaves;
  for (const BlockLeaf &leaf : block.leaves)
    leaves.push_back(json::Object{{"name", leaf.name},
                                  {"dtype", nameOf(leaf.dtype)},
                                  {"shape", json::Array(leaf.shape)},
                                  {"offset", leaf.offset},
                                  {"bytes", leaf.bytes},
                                  {"buffer", leaf.isBuffer}});
  return json::Object{{"role", block.name}, {"bytes", block.bytes}, {"leaves", std::move(leaves)}};
}

static json::Object toJson(const Entry &entry) {
  json::Array arguments;
  for (const Argument &argument : entry.arguments) {
    json::Object row{{"name", argument.name},
                     {"kind", argument.isBlock ? "block" : "data"},
                     {"access", spellAccess(argument.access)},
                     {"dtype", nameOf(argument.dtype)},
                     {"shape", json::Array(argument.shape)},
                     {"bytes", argument.bytes}};
    if (argument.perRow)
      row["per_row"] = argument.perRow;
    arguments.push_back(std::move(row));
  }
  json::Object row{{"name", entry.name},
                   {"arena_bytes", entry.arenaBytes},
                   {"worker_bytes", entry.workerBytes},
                   {"flops", entry.flops},
                   {"arguments", std::move(arguments)}};
  if (entry.mostRows) {
    row["open_dim"] = entry.openDim;
    row["least_rows"] = entry.leastRows;
    row["most_rows"] = entry.mostRows;
  }
  return row;
}

static json::Array spellFeatures(std::uint64_t features) {
  json::Array list;
  for (unsigned bit = 0; bit < 64; ++bit)
    if (features >> bit & 1)
      list.push_back(kerf_cpu_feature_name(bit));
  return list;
}

/// JSON has no word for what is not finite: "nan", "inf", "-inf".
static json::Value asJson(std::variant<int64_t, double> constant) {
  if (auto *integer = std::get_if<int64_t>(&constant))
    return *integer;
  const double number = std::get<double>(constant);
  if (std::isfinite(number))
    return number;
  return std::isnan(number) ? "nan" : number > 0 ? "inf" : "-inf";
}

Expected<std::string> writeManifest(const Artefact &artefact) {
  Expected<std::uint64_t> code = codeBytes(artefact.compiled.object);
  if (!code)
    return code.takeError();
  const Interface &model = artefact.compiled.interface;
  json::Object constants;
  for (const Constant &constant : model.constants)
    constants[constant.name] = asJson(constant.value);
  json::Array bodies, blocks, entries;
  for (const Body &body : artefact.compiled.bodies)
    bodies.push_back(
        json::Object{{"target", body.target.name}, {"cpu_features", spellFeatures(body.features)}});
  for (const Argument &block : model.blocks)
    blocks.push_back(toJson(block));
  for (const Entry &entry : model.entries)
    entries.push_back(toJson(entry));
  json::Object manifest{{"model", model.model},
                        {"bodies", std::move(bodies)},
                        {"abi_version", KERF_ABI_VERSION},
                        {"source_hash", "sha256:" + artefact.sourceHash},
                        {"training_hash", "sha256:" + artefact.trainingHash},
                        {"code_bytes", *code},
                        {"constants", std::move(constants)},
                        {"blocks", std::move(blocks)},
                        {"entries", std::move(entries)}};
  return formatv("{0:2}\n", json::Value(std::move(manifest))).str();
}

// ---- files -----------------------------------------------------------------------------------

namespace {

/// Files that appear under their names together, when all are complete: all of them or no last one.
class Files {
public:
  explicit Files(StringRef folder) : folder(folder) {}
  ~Files() {
    for (File &file : files)
      consumeError(file.temporary.discard());
  }

  Error add(const Twine &name, StringRef content) {
    if (std::error_code error = sys::fs::create_directories(folder, true, sys::fs::perms::all_all))
      return createStringError("cannot create the folder " + folder + ": " + error.message());
    SmallString<128> path(folder);
    sys::path::append(path, name);
    auto temporary = sys::fs::TempFile::create(path + ".%%%%%%.tmp");
    if (!temporary)
      return complain("cannot create a file beside", path, temporary.takeError());
    files.push_back({path.str().str(), std::move(*temporary)});
    raw_fd_ostream out(files.back().temporary.FD, /*shouldClose=*/false);
    out << content;
    out.flush();
    std::error_code error = out.error();
    out.clear_error();
    return error ? complain("cannot write", path, errorCodeToError(error)) : Error::success();
  }

  /// The last one is removed first and comes last: where the renames were interrupted it is not
  /// there, and without it the others serve nothing.
  Error keep() {
    if (files.size() > 1)
      if (std::error_code error = sys::fs::remove(files.back().path))
        return complain("cannot replace", files.back().path, errorCodeToError(error));
    for (File &file : files)
      if (Error error = file.temporary.keep(file.path))
        return complain("cannot write", file.path, std::move(error));
    files.clear();
    return Error::success();
  }

private:
  struct File {
    std::string path;
    sys::fs::TempFile temporary;
  };

  static Error complain(StringRef what, StringRef path, Error error) {
    return createStringError(what + " " + path + ": " + toString(std::move(error)));
  }

  StringRef folder;
  std::vector<File> files;
};

} // namespace

static Expected<std::string> makeArchive(StringRef object, const std::string &member) {
  NewArchiveMember content(MemoryBufferRef(object, member));
  auto archive = writeArchiveToBuffer(content, SymtabWritingMode::NormalSymtab,
                                      object::Archive::K_GNU, /*Deterministic=*/true,
                                      /*Thin=*/false);
  if (!archive)
    return archive.takeError();
  return (*archive)->getBuffer().str();
}

Error writeFile(StringRef folder, StringRef name, StringRef content) {
  Files files(folder);
  if (Error error = files.add(name, content))
    return error;
  return files.keep();
}

Error writeArtefact(const Artefact &artefact, StringRef folder) {
  const std::string &model = artefact.compiled.interface.model;
  const std::string &object = artefact.compiled.object;
  Expected<std::string> archive = makeArchive(object, model + ".o");
  if (!archive)
    return archive.takeError();
  Expected<std::string> header = writeHeader(artefact);
  if (!header)
    return header.takeError();
  Expected<std::string> manifest = writeManifest(artefact);
  if (!manifest)
    return manifest.takeError();
  Files files(folder);
  if (Error error = files.add(model + ".o", object))
    return error;
  if (Error error = files.add("lib" + model + ".a", *archive))
    return error;
  if (Error error = files.add(model + ".json", *manifest))
    return error;
  if (Error error = files.add(model + ".fusion.json", artefact.compiled.fusion))
    return error;
  if (Error error = files.add(model + ".h", *header))
    return error;
  return files.keep();
}

} // namespace kerf::codegen
