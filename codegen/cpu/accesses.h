// Who reads or writes which buffer, and when.
#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace kerf::cpu {

/// Ops are numbered in the order of the text; a loop spans the numbers of its body.
struct Span {
  int64_t first, last;
};

/// The ops that read or write each buffer, through whatever view.
class Accesses {
public:
  explicit Accesses(mlir::func::FuncOp entry) { visit(entry.getBody().front()); }

  /// In the order of the text; a loop is not among them, but what it runs is.
  llvm::ArrayRef<mlir::Operation *> of(mlir::Value root) const;

  /// When `op` runs, as seen from `block`: the span of the op of `block` that is `op` or holds it;
  /// none if it is outside of `block`.
  std::optional<Span> within(mlir::Block *block, mlir::Operation *op) const;

  /// From the first access to the last, as the block of `buffer` sees them: what a loop touches in
  /// there lives as long as the loop runs. None if nobody touches it.
  std::optional<Span> life(mlir::memref::AllocOp buffer) const;

  /// `fresh` has become a name of `root`, and `copy` between them is no more: what they were, but
  /// for numbers that nobody has now.
  void join(mlir::Value fresh, mlir::Value root, mlir::Operation *copy);

private:
  void visit(mlir::Block &block);
  void add(mlir::Operation &op);

  int64_t count = 0;
  llvm::DenseMap<mlir::Operation *, Span> spans;
  llvm::DenseMap<mlir::Value, llvm::SmallVector<mlir::Operation *>> users;
};

/// `op` reads `old` and writes `fresh` at the same index only, and reads before it writes.
bool updatesInPlace(mlir::Operation *op, mlir::Value old, mlir::Value fresh);

/// May `op` write to the buffer `root`?
bool writesTo(mlir::Operation *op, mlir::Value root);

} // namespace kerf::cpu
