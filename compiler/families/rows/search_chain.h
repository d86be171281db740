// Fused searches of which each reads what the one before left of the rows.
#pragma once

#include "compiler/families/family.h"
#include "compiler/families/rows/rows_region.h"

namespace kerf::compiler::rows {

/// Is `op` a search that a family has taken, each row by itself in the same columns? Its rows are
/// along axis 0 of one operand, which is `rowsOf` it.
bool isSearch(mlir::Operation *op);
mlir::Value rowsOf(mlir::Operation *search);

/// vq(z, e) -> gather -> z - e[codes] -> vq …: run for a block of rows that stays in a core's cache
/// from the first level to the last, so that no level's rest is written to memory.
class SearchChain {
public:
  SearchChain(mlir::Operation *first, int64_t blockElements)
      : first(first), blockElements(blockElements), misfit_{first->getLoc(), "", ""} {}

  bool match();
  bool isChain() const { return levels.size() > 1; }
  llvm::ArrayRef<mlir::Operation *> searches() const { return levels; }
  bool hasSumsOverRows() const { return !region.sums.empty(); }
  const Misfit &misfit() const { return misfit_; }
  /// Ops are added at the end of the block; whoever calls this sorts them.
  void rewrite();

private:
  bool follows(mlir::Operation *op);
  void followAll();
  void keepPaths();
  void addInputs();
  void findLeaving();
  int64_t blockOf();

  mlir::Operation *first;
  int64_t blockElements;
  Misfit misfit_;
  llvm::SmallVector<mlir::Operation *> levels;
  Region region;
  llvm::DenseMap<mlir::Value, int> axes;
};

} // namespace kerf::compiler::rows
