// The Builder on MLIR: what a model's C++ says becomes functions of kerf ops, with its lines as
// locations.
#pragma once

#include "kerf/builder.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace kerf {

/// A diagnostic as a user of the language reads it: `file:line: error: what`, the line itself,
/// the module path below, then its notes.
std::string describe(const mlir::Diagnostic &diagnostic);

/// Emits the entries of one model into one module. Everything it finds wrong goes to stderr, with
/// the model's lines, and makes `failed()` true; emission then goes on, so that one run shows all.
class Emitter final : public Builder {
public:
  explicit Emitter(std::string_view model);
  ~Emitter() override;

  /// A number that the model's artefact exports by name.
  void constant(std::string_view name, std::int64_t value);

  mlir::MLIRContext &context() { return context_; }
  mlir::ModuleOp module() { return *module_; }
  bool failed() const { return failed_; }

  void bind_dim(std::string_view name, std::int64_t value) override;
  void begin_entry(std::string_view name, std::span<const Port> arguments, std::span<Value> values,
                   std::source_location where) override;
  void end_entry(std::span<const Port> results, std::span<const Value> values) override;
  Value op(std::string_view name, std::span<const Value> operands, Type result,
           std::span<const Attribute> attributes, std::source_location where) override;
  void begin_region(std::span<const Type> arguments, std::span<Value> values) override;
  void end_region(std::span<const Value> yielded, std::string_view name,
                  std::span<const Value> operands, std::span<const Type> results,
                  std::span<Value> values, std::span<const Attribute> attributes,
                  std::source_location where) override;
  void push_module(std::string_view name) override;
  void pop_module() override;

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
  /// A region under construction; the entry's body is the outermost.
  struct Scope {
    unsigned id;
    std::unique_ptr<mlir::Region> region; ///< null for the entry's body
    mlir::Block *block;
    std::unordered_map<Key, Value, KeyHash> pure;
  };
  /// What a handle stands for, and the scope that it belongs to.
  struct Handle {
    mlir::Value value;
    unsigned scope;
  };
  /// A use of a random key.
  struct Draw {
    std::string what;
    mlir::Location location;
  };

  mlir::Location locate(std::source_location where);
  mlir::Type convert(DType type);
  mlir::RankedTensorType convert(Type type, mlir::Location location);
  llvm::SmallVector<int64_t> extents(const Shape &shape, mlir::Location location);
  mlir::NamedAttribute convert(const Attribute &attribute, mlir::Location location);
  mlir::DictionaryAttr describePort(const Port &port);
  mlir::TypedAttr convertConstant(mlir::RankedTensorType type,
                                  std::span<const Attribute> attributes, mlir::Location location);
  mlir::Value use(Value handle, mlir::Location location);
  Value add(mlir::Value value);
  Value share(Value handle, mlir::Location location);
  const Value *find(const Key &key, bool outer);
  void checkDraw(mlir::Operation *op);
  void checkDrawsInLoop(mlir::Region &loop);
  std::string identify(mlir::Value value);
  llvm::SmallVector<mlir::Value> capture(mlir::Region &region);
  mlir::InFlightDiagnostic error(mlir::Location location);

  mlir::MLIRContext context_;
  mlir::OwningOpRef<mlir::ModuleOp> module_;
  mlir::OpBuilder builder;
  mlir::DiagnosticEngine::HandlerID handler;
  bool failed_ = false;

  llvm::StringMap<std::int64_t> dims;
  std::vector<std::string> path;
  std::vector<Scope> scopes;
  std::vector<Handle> handles;
  unsigned nextScope = 0;
  llvm::StringMap<std::vector<Draw>> draws; ///< by the key's identity
};

} // namespace kerf
