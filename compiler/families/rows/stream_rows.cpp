// Softmax over columns and choices of columns, one block of rows after another => kerf.rows.
#include "compiler/all_families.h"
#include "compiler/families/rows/cluster.h"
#include "compiler/families/rows/passes.h"
#include "compiler/families/rows/search_chain.h"
#include "compiler/match/scaled_view.h"
#include "compiler/open.h"

#include "compiler/ops/rows.h"

#include "mlir/Analysis/TopologicalSortUtils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace kerf::compiler::rows {
#define GEN_PASS_DEF_STREAMROWS
#include "compiler/families/rows/passes.h.inc"

namespace {

struct StreamRows : impl::StreamRowsBase<StreamRows> {
  using StreamRowsBase::StreamRowsBase;

  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      function.walk([&](Block *block) {
        if (!isa<RowsOp>(block->getParentOp())) // visited by what made it
          visit(function, *block);
      });
  }

private:
  /// Scores outnumber what they are made of; twice, unless they come as a batch, where cutting it
  /// costs nothing and what is one head's stays in a cache.
  bool isCandidate(func::FuncOp function, ContractOp op) const {
    const int64_t scores = sizeOf(op.getY()), from = sizeOf(op.getA()) + sizeOf(op.getB());
    if (op.getABatch().empty())
      return scores >= minElements && scores >= 2 * from;
    // An open entry and its companions decide alike; to cut a batch, or not, changes no bit.
    const int64_t many = isOpen(function) ? scores / openDimOf(function)->rows * 64 : scores;
    return many >= minElements && scores > from;
  }

  /// Is there one block of many rows? It would be cut into itself again.
  static bool isOneBlock(RowsOp rows) {
    const int64_t block = rows.getBlock();
    return block > 1 && llvm::any_of(rows.getSliced(),
                                     [&](Value x) { return typeOf(x).getDimSize(0) == block; });
  }

  void visit(func::FuncOp function, Block &block) {
    DenseSet<Operation *> done;
    bool changed = false;
    for (ContractOp root : llvm::to_vector(block.getOps<ContractOp>()))
      if (isCandidate(function, root) && !done.contains(root))
        changed |= visit(function, root, done);
    for (Fused first : llvm::to_vector(block.getOps<Fused>()))
      if (depth == 0 && isSearch(first) && sizeOf(rowsOf(first)) >= minElements &&
          !done.contains(first))
        changed |= visit(function, first, done);
    if (!changed)
      return;
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
      if (isOpTriviallyDead(&op))
        op.erase();
    sortTopologically(&block);
    // Blocks along one axis are cut along the next: into what is one image's, one head's, some
    // rows.
    ++depth;
    for (auto rows : block.getOps<RowsOp>())
      if (!isOneBlock(rows))
        visit(function, rows.getBody().front());
    --depth;
  }

  bool visit(func::FuncOp function, Fused first, DenseSet<Operation *> &done) {
    SearchChain chain(first, blockElements);
    bool fits = chain.match();
    if (!chain.isChain())
      return false;
    done.insert_range(chain.searches());
    std::optional<Misfit> misfit;
    if (!fits)
      misfit = chain.misfit();
    else if ((misfit = misfitOfOpen(function, first, chain.hasSumsOverRows())))
      fits = false;
    else
      chain.rewrite();
    note(function, first, misfit);
    return fits;
  }

  bool isMany(ContractOp op) const { return sizeOf(op.getY()) >= minElements; }

  /// Is it a call that says how many of some rows there are? Not of those inside of a block.
  bool isOpen(func::FuncOp function) const { return depth == 0 && openDimOf(function); }

  /// Blocks depend on how many rows there are, which of an open entry a call says. Where they are
  /// not of one row each, it goes without them: that changes no bit, unless rows are added up,
  /// block by block.
  std::optional<Misfit> misfitOfOpen(func::FuncOp function, Operation *root, bool hasSums) {
    if (!isOpen(function))
      return {};
    const std::optional<OpenDim> dim = openDimOf(function);
    if (hasSums) {
      root->emitError("entry '") << function.getName() << "' leaves " << dim->name
                                 << " open, but sums over rows of these scores are taken in blocks "
                                    "whose number depends on it; bind "
                                 << dim->name << " to a number";
      signalPassFailure();
    }
    return Misfit{root->getLoc(), "its blocks depend on " + dim->name + ", which is open",
                  "bind " + dim->name + " to a number"};
  }

  /// Every axis of the scores, as it is tried as that of the rows: those of a batch over which
  /// nothing is added up first, so that the gradient of a bias that images share is added up for
  /// one head after the other.
  SmallVector<int> axesOf(func::FuncOp function, ContractOp root) const {
    SmallVector<int> axes = llvm::to_vector(llvm::seq<int>(typeOf(root.getY()).getRank()));
    auto addsNothing = [&](int axis) {
      Cluster cluster(root, axis, blockElements, false);
      return axis < int64_t(root.getABatch().size()) && cluster.match() &&
             !cluster.hasSumsOverRows();
    };
    if (isOpen(function)) // an open dim is cut before any other
      return axes;
    SmallVector<int> first = llvm::filter_to_vector(axes, addsNothing);
    llvm::erase_if(axes, [&](int axis) { return llvm::is_contained(first, axis); });
    return llvm::to_vector(llvm::concat<int>(first, axes));
  }

  bool visit(func::FuncOp function, ContractOp root, DenseSet<Operation *> &done) {
    std::optional<Misfit> misfit;
    for (int axis : axesOf(function, root)) {
      Cluster cluster(root, axis, blockElements, isOpen(function));
      const bool fits = cluster.match();
      if (!cluster.comparesColumns() || !cluster.isCut())
        continue;
      cluster.addOps(done);
      if (fits)
        misfit = cluster.isByOne() && !cluster.hasSumsOverRows()
                     ? std::nullopt
                     : misfitOfOpen(function, root, cluster.hasSumsOverRows() && isMany(root));
      if (fits && misfit)
        break;
      if (fits) {
        cluster.rewrite();
        note(function, root, {});
        return true;
      }
      if (!misfit)
        misfit = cluster.misfit();
    }
    if (misfit)
      note(function, root, misfit);
    return false;
  }

  /// Once for a candidate, whatever is cut inside its blocks.
  void note(func::FuncOp function, Operation *root, const std::optional<Misfit> &misfit) {
    if (depth == 0)
      record(getOperation(), {family.name.str(), function.getName().str(), root->getLoc(), misfit},
             explain);
  }

  int depth = 0; ///< of regions of blocks around what is visited
};

} // namespace
} // namespace kerf::compiler::rows
