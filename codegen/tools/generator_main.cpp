// The main of every model unit: emits its entries to <model>.mlir, then compiles that file.
#include "kerf/model_table.h"

#include "artefact.h"
#include "emit.h"
#include "tools/compile.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <CLI/CLI.hpp>

using llvm::ArrayRef, llvm::StringRef;

namespace kerf {
namespace {

struct Options {
  CompileJob job;    ///< all but its source and target
  std::string model; ///< the name that the model must have; empty: any
  std::string target = Target().name;
  std::vector<std::string> dims;
  bool emitOnly = false;
};

/// "B=16" for every entry that has a B, or "train_step.B=16" for one.
struct DimOverride {
  StringRef entry, dim;
  std::int64_t value;

  bool matches(const kerf_model_entry &candidate, StringRef name) const {
    return name == dim && (entry.empty() || entry == candidate.name);
  }
};

ArrayRef<kerf_model_entry> entriesOf(const kerf_model_table &model) {
  return {model.entries, model.num_entries};
}
ArrayRef<kerf_named_number> dimsOf(const kerf_model_entry &entry) {
  return {entry.dims, entry.num_dims};
}

std::string listDims(const kerf_model_table &model) {
  std::string text;
  for (const kerf_model_entry &entry : entriesOf(model))
    for (const kerf_named_number &dim : dimsOf(entry))
      text += std::string(text.empty() ? "" : ", ") + entry.name + "." + dim.name + "=" +
              std::to_string(dim.value);
  return text.empty() ? "it has none" : "it has " + text;
}

/// False and `error` set if an override is malformed or names nothing.
bool parseDims(const kerf_model_table &model, const std::vector<std::string> &texts,
               std::vector<DimOverride> &overrides, std::string &error) {
  for (StringRef text : texts) {
    auto [name, number] = text.split('=');
    DimOverride wanted{};
    if (number.getAsInteger(10, wanted.value) || wanted.value < 1) {
      error = "--dim " + text.str() + ": want NAME=V or ENTRY.NAME=V with a whole V of at least 1";
      return false;
    }
    std::tie(wanted.entry, wanted.dim) = name.contains('.') ? name.split('.') : std::pair("", name);
    bool isKnown = llvm::any_of(entriesOf(model), [&](const kerf_model_entry &entry) {
      return llvm::any_of(dimsOf(entry), [&](const kerf_named_number &dim) {
        return wanted.matches(entry, dim.name);
      });
    });
    if (!isKnown) {
      error =
          "--dim " + text.str() + ": model " + model.name + " has no such dim; " + listDims(model);
      return false;
    }
    overrides.push_back(wanted);
  }
  return true;
}

/// The number of a dim; the last override that matches wins.
std::int64_t valueOf(const kerf_model_entry &entry, const kerf_named_number &dim,
                     ArrayRef<DimOverride> overrides) {
  for (const DimOverride &wanted : llvm::reverse(overrides))
    if (wanted.matches(entry, dim.name))
      return wanted.value;
  return dim.value;
}

/// Writes <model>.mlir. The lines of the model are its locations.
ExitCode emit(const kerf_model_table &model, ArrayRef<DimOverride> overrides,
              const std::string &folder) {
  Emitter emitter(model.name);
  for (const kerf_named_number &constant : ArrayRef(model.constants, model.num_constants))
    emitter.constant(constant.name, constant.value);
  for (const kerf_model_entry &entry : entriesOf(model)) {
    for (const kerf_named_number &dim : dimsOf(entry))
      emitter.bind_dim(dim.name, valueOf(entry, dim, overrides));
    entry.emit(emitter);
  }
  if (emitter.failed())
    return model_error;
  std::string text;
  llvm::raw_string_ostream out(text);
  emitter.module().print(out, mlir::OpPrintingFlags().enableDebugInfo().printNameLocAsPrefix());
  out << "\n";
  if (llvm::Error error = writeFile(folder, std::string(model.name) + ".mlir", text)) {
    llvm::errs() << model.name << ": " << toString(std::move(error)) << "\n";
    return model_error;
  }
  return success_code;
}

ExitCode generate(const kerf_model_table &model, const Options &options) {
  CompileJob job = options.job;
  std::string complaint;
  std::vector<DimOverride> overrides;
  if (!options.model.empty() && options.model != model.name) {
    llvm::errs() << "the sources define the model " << model.name << ", not " << options.model
                 << "; kerf_add_model's name is that in kerf::model<\"...\">\n";
    return usage_error;
  }
  if (!parseDims(model, options.dims, overrides, complaint) ||
      !Target::parse(options.target, job.target, complaint)) {
    llvm::errs() << model.name << ": " << complaint << "\n";
    return usage_error;
  }
  if (ExitCode code = emit(model, overrides, job.folder); code || options.emitOnly)
    return code;
  llvm::SmallString<128> source(job.folder);
  llvm::sys::path::append(source, std::string(model.name) + ".mlir");
  job.source = source.str();
  return compileFile(job);
}

} // namespace
} // namespace kerf

int main(int argc, char **argv) {
  const kerf_model_table *model = kerf_models();
  if (!model) {
    llvm::errs() << "this program has no model; define one with kerf::model in a source file\n";
    return kerf::usage_error;
  }
  kerf::Options options;
  options.job.folder = ".";
  CLI::App app(std::string("Generates the model ") + model->name +
               ": <model>.mlir, then its object, archive, header and manifest.");
  app.add_option("-o,--output-dir", options.job.folder, "folder of the files")
      ->capture_default_str();
  app.add_option("--model", options.model, "stop unless this is the model's name");
  app.add_option("--target", options.target, "what to compile for")->capture_default_str();
  app.add_option("--dim", options.dims, "NAME=V or ENTRY.NAME=V: another value for a named dim");
  app.add_option("--time-limit", options.job.seconds, "seconds for compiling")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_flag("--emit-only", options.emitOnly, "write <model>.mlir and stop");
  kerf::addOptions(app, options.job);
  app.footer("Dims: " + kerf::listDims(*model));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? kerf::success_code : kerf::usage_error;
  }
  try {
    return kerf::generate(*model, options);
  } catch (const std::exception &error) {
    llvm::errs() << model->name << ": " << error.what() << "\n";
    return kerf::model_error;
  }
}
