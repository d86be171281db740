// Searches for codes of which each quantizes what the one before left.
#pragma once

#include "compiler/families/family.h"
#include "compiler/families/rows/rows_region.h"

#include "compiler/ops/vq.h"

namespace kerf::compiler::rows {

/// vq(z, e) -> gather -> z - e[codes] -> vq …: run for a block of rows that stays in a core's cache
/// from the first level to the last, so that no level's rest is written to memory.
class SearchChain {
public:
  SearchChain(VqOp first, int64_t blockElements)
      : first(first), blockElements(blockElements), misfit_{first.getLoc(), "", ""} {}

  bool match();
  bool isChain() const { return levels.size() > 1; }
  llvm::ArrayRef<mlir::Operation *> searches() const { return levels; }
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

  VqOp first;
  int64_t blockElements;
  Misfit misfit_;
  llvm::SmallVector<mlir::Operation *> levels;
  Region region;
  llvm::DenseMap<mlir::Value, int> axes;
};

} // namespace kerf::compiler::rows
