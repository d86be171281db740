// The Builder on MLIR: what a model's C++ says becomes functions of kerf ops, with its lines as
// locations.
#pragma once

#include "kerf/builder.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace kerf::compiler {

/// A diagnostic as a user of the language reads it: `file:line: error: what`, the line itself,
/// the module path below, then its notes. A relative file is one below `root`.
std::string describe(const mlir::Diagnostic &diagnostic, llvm::StringRef root = "");

/// Bytes of stack that a thread of this program has.
std::size_t stackLimit();

/// Emits the entries of one model into one module. Everything it finds wrong goes to stderr, with
/// the model's lines, and makes `failed()` true; emission then goes on, so that one run shows all.
/// Only emission that has no end, in a recursion or a loop, ends the program.
class Emitter final : public Builder {
public:
  explicit Emitter(std::string_view model);
  ~Emitter() override;

  /// A number that the model's artefact exports by name.
  void constant(std::string_view name, std::int64_t value);

  mlir::MLIRContext &context() { return context_; }
  mlir::ModuleOp module() { return *module_; }
  bool failed() const { return failed_; }
  /// The entry under construction, and the line of what was emitted last in it.
  std::string_view entry() const {
    return entries.empty() ? std::string_view() : entries.back().name;
  }
  std::source_location line() const { return line_; }
  /// Has the entry no operation yet? Then the line is that of its row in the table.
  bool isEmpty() const { return numCalls == 0; }

  /// Of the entry that begins next: `dim` is open, and bound to the most that it may be. With
  /// `more` what is emitted is the entry's companion (compiler/open.h) for that many rows more, of
  /// which nothing is said that was said of the entry.
  void open_dim(std::string_view dim, std::int64_t most, std::int64_t more = 0);

  void bind_dim(std::string_view name, std::int64_t value) override;
  void begin_entry(std::string_view name, std::span<const Port> arguments, std::span<Value> values,
                   std::source_location where) override;
  void end_entry(std::span<const Port> results, std::span<const Value> values) override;
  Value op(std::string_view name, std::span<const Value> operands, Type result,
           std::span<const Attribute> attributes, std::source_location where) override;
  void begin_region(std::span<const Type> arguments, std::span<Value> values) override;
  void next_region(std::span<const Value> yielded, std::span<const Type> arguments,
                   std::span<Value> values) override;
  void end_region(std::span<const Value> yielded, std::string_view name,
                  std::span<const Value> operands, std::span<const Type> results,
                  std::span<Value> values, std::span<const Attribute> attributes,
                  std::source_location where) override;
  void push_module(std::string_view name) override;
  void pop_module() override;
  void begin_statement() override { ++statement; }

private:
  /// What makes two pure ops the same value.
  struct Key {
    mlir::OperationName name;
    llvm::SmallVector<mlir::Value, 4> operands;
    mlir::DictionaryAttr attributes;
    mlir::Type type;
    bool operator==(const Key &) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key &key) const;
  };
  /// Regions under construction; the entry's body is the outermost.
  struct Scope {
    unsigned id;
    std::vector<std::unique_ptr<mlir::Region>> regions; ///< of one op; none for the entry's body
    mlir::Block *block;                                 ///< of the last one
    std::unordered_map<Key, Value, KeyHash> pure;
  };
  /// What a handle stands for, and the scope that it belongs to. Handles count on over the entries
  /// of a model, so that one that outlives its entry is known.
  struct Handle {
    mlir::Value value;
    unsigned scope;
  };
  /// An entry that has begun, and the first of its handles.
  struct EntryStart {
    std::string name;
    Value first;
  };
  /// A named dim's number, and whether the entry has used it.
  struct Dimension {
    std::int64_t value;
    bool isUsed = false;
  };
  /// The dim of the entry that is open.
  struct OpenDim {
    std::string name;
    std::int64_t most;
    std::int64_t more; ///< 0: it is the entry itself
  };
  /// A use of a random key, and the statement and the scope that it stands in.
  struct Draw {
    std::string what;
    mlir::Location location;
    std::uint64_t statement;
    unsigned scope;
  };

  mlir::Location locate(std::source_location where);
  mlir::Type convert(DType type);
  mlir::RankedTensorType convert(Type type, mlir::Location location);
  int64_t number(const Dim &dim, mlir::Location location);
  llvm::SmallVector<int64_t> extents(const Shape &shape, mlir::Location location);
  mlir::NamedAttribute convert(const Attribute &attribute, mlir::Location location);
  bool isOpen(const Attribute &count) const;
  mlir::DictionaryAttr describePort(const Port &port);
  mlir::TypedAttr convertConstant(mlir::RankedTensorType type, DType element,
                                  std::span<const Attribute> attributes, mlir::Location location);
  mlir::Value use(Value handle, mlir::Location location);
  Value add(mlir::Value value);
  Value share(Value handle, mlir::Location location);
  const Value *find(const Key &key, bool outer);
  void checkDraw(const mlir::OperationState &draw);
  void checkEnd(mlir::Location location);
  void checkDimsUsed(mlir::Location location);
  void checkDrawsInLoop(mlir::Operation *op);
  std::string identify(mlir::Value value);
  void open(Scope &scope);
  void addArguments(std::span<const Type> arguments, std::span<Value> values);
  void yield(std::span<const Value> yielded, mlir::Location location);
  llvm::SmallVector<mlir::Value> capture(llvm::ArrayRef<std::unique_ptr<mlir::Region>> regions);
  mlir::InFlightDiagnostic error(mlir::Location location);

  mlir::MLIRContext context_;
  mlir::OwningOpRef<mlir::ModuleOp> module_;
  mlir::OpBuilder builder;
  mlir::DiagnosticEngine::HandlerID handler;
  bool failed_ = false;

  llvm::StringMap<Dimension> dims;
  std::optional<OpenDim> openDim;
  std::vector<std::string> path;
  std::vector<Scope> scopes;
  std::vector<Handle> handles;
  std::vector<EntryStart> entries;
  unsigned nextScope = 0;
  std::source_location line_;
  std::uint64_t statement = 0;
  std::uint64_t numCalls = 0;               ///< of `op`, in this entry
  const char *stackOfEntry = nullptr;       ///< where the stack was when the entry began
  llvm::StringMap<std::vector<Draw>> draws; ///< by the key's identity
  llvm::DenseSet<std::pair<mlir::Location, mlir::Location>> drawnAgain; ///< lines already named
};

} // namespace kerf::compiler
