// The main of every model unit: emits its entries to <model>.mlir, then compiles that file.
#include "kerf/model_table.h"

#include "codegen/artefact/files.h"
#include "codegen/artefact/names.h"
#include "codegen/tools/compile.h"
#include "compiler/emit.h"
#include "compiler/open.h"
#include "compiler/unused.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <CLI/CLI.hpp>

#include <csignal>
#include <unistd.h>

using llvm::ArrayRef, llvm::StringRef;
using namespace kerf::compiler;

namespace kerf::codegen {
namespace {

struct Options {
  CompileJob job;    ///< all but its source
  std::string model; ///< the name that the model must have; empty: any
  std::vector<std::string> dims;
  bool emitOnly = false;
};

/// "B=16" for every entry that has a B, or "train_step.B=16" for one; "B<=16" opens it.
struct DimOverride {
  StringRef entry, dim;
  std::int64_t value;
  bool isOpen;

  bool matches(const kerf_model_entry &candidate, StringRef name) const {
    return name == dim && (entry.empty() || entry == candidate.name);
  }
};

ArrayRef<kerf_model_entry> entriesOf(const kerf_model_table &model) {
  return {model.entries, model.num_entries};
}
ArrayRef<kerf_bound_dim> dimsOf(const kerf_model_entry &entry) {
  return {entry.dims, entry.num_dims};
}

std::string listDims(const kerf_model_table &model) {
  std::string text;
  for (const kerf_model_entry &entry : entriesOf(model))
    for (const kerf_bound_dim &dim : dimsOf(entry))
      text += std::string(text.empty() ? "" : ", ") + entry.name + "." + dim.name +
              (dim.is_open ? "<=" : "=") + std::to_string(dim.value);
  return text.empty() ? "it has none" : "it has " + text;
}

/// False and `error` set if an override is malformed or names nothing.
bool parseDims(const kerf_model_table &model, const std::vector<std::string> &texts,
               std::vector<DimOverride> &overrides, std::string &error) {
  for (StringRef text : texts) {
    auto [name, number] = text.split('=');
    DimOverride wanted{};
    wanted.isOpen = name.consume_back("<");
    const bool hasEntry = name.contains('.');
    std::tie(wanted.entry, wanted.dim) = hasEntry ? name.split('.') : std::pair("", name);
    const std::int64_t least = wanted.isOpen ? 2 : 1;
    if (wanted.dim.empty() || (hasEntry && wanted.entry.empty()) ||
        number.getAsInteger(10, wanted.value) || wanted.value < least) {
      error = "--dim " + text.str() + ": want NAME=V, NAME<=V, ENTRY.NAME=V or ENTRY.NAME<=V, " +
              "V being a whole number of at least " + std::to_string(least);
      return false;
    }
    bool isKnown = llvm::any_of(entriesOf(model), [&](const kerf_model_entry &entry) {
      return llvm::any_of(dimsOf(entry), [&](const kerf_bound_dim &dim) {
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

/// A dim as it is bound; the last override that matches wins.
kerf_bound_dim boundOf(const kerf_model_entry &entry, const kerf_bound_dim &dim,
                       ArrayRef<DimOverride> overrides) {
  for (const DimOverride &wanted : llvm::reverse(overrides))
    if (wanted.matches(entry, dim.name))
      return {dim.name, wanted.value, wanted.isOpen};
  return dim;
}

/// Emits an entry, and if a dim of it is open its companions.
void emit(const kerf_model_entry &entry, ArrayRef<DimOverride> overrides, Emitter &emitter) {
  std::int64_t most = 0;
  const auto emitWith = [&](std::int64_t more) {
    for (const kerf_bound_dim &written : dimsOf(entry)) {
      const kerf_bound_dim dim = boundOf(entry, written, overrides);
      if (dim.is_open)
        emitter.open_dim(dim.name, dim.value, more);
      else
        emitter.bind_dim(dim.name, dim.value);
      most = dim.is_open ? dim.value : most;
    }
    entry.emit(emitter);
    if (entry.compute && !emitter.module().getBody()->empty())
      emitter.module().getBody()->back().setAttr(
          "kerf.compute", mlir::TypeAttr::get(mlir::parseType(entry.compute, &emitter.context())));
  };
  emitWith(0);
  if (most)
    for (std::int64_t more : companionRows(most))
      if (!emitter.failed())
        emitWith(more);
}

/// While it lives, a stack that overflows in model code, where no operation is emitted that would
/// see it, ends the program with the entry and the line instead of a bare signal.
class StackGuard {
public:
  explicit StackGuard(const Emitter &emitted) : stack(64 << 10) {
    emitter = &emitted;
    base = static_cast<const char *>(__builtin_frame_address(0));
    stack_t alternate{};
    alternate.ss_sp = stack.data();
    alternate.ss_size = stack.size();
    sigaltstack(&alternate, &outer);
    struct sigaction action{};
    action.sa_sigaction = overflow;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND;
    sigaction(SIGSEGV, &action, &previous);
  }
  ~StackGuard() {
    sigaction(SIGSEGV, &previous, nullptr);
    sigaltstack(&outer, nullptr);
    emitter = nullptr;
  }
  StackGuard(const StackGuard &) = delete;
  StackGuard &operator=(const StackGuard &) = delete;

private:
  /// Any other fault happens again when this returns, now without a handler.
  static void overflow(int, siginfo_t *fault, void *) {
    const std::ptrdiff_t depth = base - static_cast<const char *>(fault->si_addr);
    const std::ptrdiff_t limit = stackLimit(), slack = 1 << 20;
    if (depth < limit - slack || depth > limit + slack)
      return;
    char text[512];
    const std::source_location line = emitter->line();
    const int length =
        std::snprintf(text, sizeof text,
                      "%s:%u: error: entry %.*s does not end: functions call each other until no "
                      "stack is left; %s\n",
                      line.file_name(), unsigned(line.line()), int(emitter->entry().size()),
                      emitter->entry().data(),
                      emitter->isEmpty() ? "nothing was emitted before, and this is its row in the "
                                           "table of entries"
                                         : "this line was emitted last");
    [[maybe_unused]] auto written = write(2, text, std::min<std::size_t>(length, sizeof text - 1));
    _exit(model_error);
  }
  static inline const Emitter *emitter = nullptr;
  static inline const char *base = nullptr;
  std::vector<char> stack;
  stack_t outer{};
  struct sigaction previous{};
};

/// Locations below `root` count from there, so that a module carries no folder of this machine.
void relocate(mlir::ModuleOp module, StringRef root) {
  mlir::AttrTypeReplacer replacer;
  replacer.addReplacement([root](mlir::FileLineColLoc line) -> mlir::Attribute {
    StringRef file = line.getFilename().getValue();
    if (!file.consume_front(root) || !file.consume_front("/"))
      return line;
    return mlir::FileLineColLoc::get(line.getContext(), file, line.getLine(), line.getColumn());
  });
  replacer.recursivelyReplaceElementsIn(module, /*replaceAttrs=*/false, /*replaceLocs=*/true);
}

void addLines(StringRef text, llvm::SetVector<StringRef> &lines) {
  for (StringRef line : llvm::split(text.rtrim('\n'), '\n'))
    if (!line.empty())
      lines.insert(line);
}

/// Writes <model>.mlir. The lines of the model are its locations.
ExitCode emit(const kerf_model_table &model, ArrayRef<DimOverride> overrides,
              const CompileJob &job) {
  Emitter emitter(model.name);
  const StackGuard guard(emitter);
  for (const kerf_named_number &constant : ArrayRef(model.constants, model.num_constants))
    emitter.constant(constant.name, constant.value);
  llvm::SetVector<StringRef> buffers, params;
  for (const kerf_model_entry &entry : entriesOf(model)) {
    addLines(entry.buffers, buffers);
    addLines(entry.params, params);
    emit(entry, overrides, emitter);
  }
  if (!buffers.empty())
    emitter.module()->setAttr(
        "kerf.buffers", mlir::Builder(&emitter.context()).getStrArrayAttr(buffers.getArrayRef()));
  if (emitter.failed())
    return model_error;
  warnOfUnused(emitter.module(), params);
  if (!job.root.empty())
    relocate(emitter.module(), job.root);
  std::string text;
  llvm::raw_string_ostream out(text);
  emitter.module().print(out, mlir::OpPrintingFlags().enableDebugInfo().printNameLocAsPrefix());
  out << "\n";
  if (llvm::Error error = writeFile(job.folder, std::string(model.name) + ".mlir", text)) {
    llvm::errs() << model.name << ": " << toString(std::move(error)) << "\n";
    return model_error;
  }
  return success_code;
}

ExitCode generate(const kerf_model_table &model, const Options &options) {
  CompileJob job = options.job;
  std::string complaint;
  std::vector<DimOverride> overrides;
  if (complaint = complaintOfModelName(model.name); !complaint.empty()) {
    llvm::errs() << complaint << "\n";
    return model_error;
  }
  if (!parseDims(model, options.dims, overrides, complaint)) {
    llvm::errs() << model.name << ": " << complaint << "\n";
    return usage_error;
  }
  if (ExitCode code = emit(model, overrides, job); code || options.emitOnly)
    return code;
  llvm::SmallString<128> source(job.folder);
  llvm::sys::path::append(source, std::string(model.name) + ".mlir");
  job.source = source.str();
  return compileFile(job);
}

/// The names of this program's models.
std::vector<StringRef> namesOfModels() {
  std::vector<StringRef> names;
  for (const kerf_model_table *model = kerf_models(); model; model = model->next)
    names.insert(names.begin(), model->name);
  return names;
}

/// The model called `name`, or the only one; null and a message if there is no such one.
const kerf_model_table *chooseModel(StringRef name) {
  const std::vector<StringRef> names = namesOfModels();
  const std::string all = llvm::join(names, ", ");
  if (name.empty() && names.size() > 1) {
    llvm::errs() << "this program has the models " << all << "; say which by --model\n";
    return nullptr;
  }
  if (!name.empty() && llvm::count(names, name) != 1) {
    llvm::errs() << "the sources define "
                 << (llvm::is_contained(names, name) ? "two models called "
                     : names.size() > 1              ? "the models "
                                                     : "the model ")
                 << (llvm::is_contained(names, name) ? name.str() : all + ", not " + name.str())
                 << "; kerf_add_model's name is that in kerf::model<\"...\">\n";
    return nullptr;
  }
  const kerf_model_table *model = kerf_models();
  while (!name.empty() && name != model->name)
    model = model->next;
  return model;
}

} // namespace
} // namespace kerf::codegen

int main(int argc, char **argv) {
  const std::vector<StringRef> names = kerf::codegen::namesOfModels();
  if (names.empty()) {
    llvm::errs() << "this program has no model; define one with kerf::model in a source file\n";
    return kerf::codegen::usage_error;
  }
  kerf::codegen::Options options;
  options.job.folder = ".";
  CLI::App app("Generates the model " + llvm::join(names, " or ") +
               ": <model>.mlir, then its object, archive, header and manifest.");
  app.add_option("-o,--output-dir", options.job.folder, "folder of the files")
      ->capture_default_str();
  app.add_option("--source-root", options.job.root,
                 "folder from which <model>.mlir names the sources; without it, as they were given "
                 "to the compiler");
  app.add_option("--model", options.model,
                 "the model to generate; stops if there is none of this name");
  app.add_option("--dim", options.dims,
                 "NAME=V or ENTRY.NAME=V: another value for a named dim; with <=V it is open");
  app.add_option("--time-limit", options.job.seconds, "seconds for compiling")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_flag("--emit-only", options.emitOnly, "write <model>.mlir and stop");
  kerf::codegen::addOptions(app, options.job);
  std::string dims;
  for (const kerf_model_table *model = kerf_models(); model; model = model->next)
    dims = std::string("Dims of ") + model->name + ": " + kerf::codegen::listDims(*model) + "\n" +
           dims;
  app.footer(dims);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? kerf::codegen::success_code : kerf::codegen::usage_error;
  }
  const kerf_model_table *model = kerf::codegen::chooseModel(options.model);
  if (!model)
    return kerf::codegen::usage_error;
  try {
    return kerf::codegen::generate(*model, options);
  } catch (const std::exception &error) {
    llvm::errs() << model->name << ": " << error.what() << "\n";
    return kerf::codegen::model_error;
  }
}
