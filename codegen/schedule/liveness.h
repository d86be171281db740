// Who reads or writes which buffer, and when.
#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

#include <map>
#include <set>

namespace kerf::codegen {

/// Ops are numbered in the order of the text; a loop spans the numbers of its body.
struct Span {
  int64_t first, last;
};

/// The ops that read or write each buffer, through whatever view. A loop is not among them, but
/// what it runs is.
class Accesses {
public:
  explicit Accesses(mlir::func::FuncOp entry) { visit(entry.getBody().front()); }

  /// The first and the last in the order of the text; null if there is none.
  mlir::Operation *first(mlir::Value root) const;
  mlir::Operation *last(mlir::Value root) const;

  /// The last one before `op`; null if there is none.
  mlir::Operation *lastBefore(mlir::Value root, mlir::Operation *op) const;

  /// Those with numbers in `span`, in order.
  auto during(mlir::Value root, Span span) const {
    const auto &ops = of(root).ops;
    return llvm::make_second_range(
        llvm::make_range(ops.lower_bound(span.first), ops.upper_bound(span.last)));
  }

  /// Does an op that comes later in the text write to it?
  bool isWrittenAfter(mlir::Value root, mlir::Operation *op) const;

  /// Has somebody made a view of it?
  bool hasViews(mlir::Value root) const { return viewed.contains(root); }

  /// When `op` runs, as seen from `block`: the span of the op of `block` that is `op` or holds it;
  /// none if it is outside of `block`.
  std::optional<Span> within(mlir::Block *block, mlir::Operation *op) const;

  /// From the first access to the last, as the block of `buffer` sees them: what a loop touches in
  /// there lives as long as the loop runs. None if nobody touches it.
  std::optional<Span> life(mlir::memref::AllocOp buffer) const;

  /// `fresh` has become a name of `root`, and `copy` between them is no more: what they were, but
  /// for numbers that nobody has now. Takes as long as the shorter of the two lists.
  void join(mlir::Value fresh, mlir::Value root, mlir::Operation *copy);

private:
  /// By number.
  struct Users {
    std::map<int64_t, mlir::Operation *> ops;
    std::set<int64_t> writes;
  };
  const Users &of(mlir::Value root) const;
  void visit(mlir::Block &block);
  void add(mlir::Operation &op);

  int64_t count = 0;
  llvm::DenseMap<mlir::Operation *, Span> spans;
  llvm::DenseMap<mlir::Value, Users> users;
  llvm::DenseSet<mlir::Value> viewed;
};

/// `op` reads `old` and writes `fresh` at the same index only, and reads before it writes.
bool updatesInPlace(mlir::Operation *op, mlir::Value old, mlir::Value fresh);

} // namespace kerf::codegen
