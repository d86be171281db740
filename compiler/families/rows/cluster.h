// The scores of one contraction and all that hangs together with them.
#pragma once

#include "compiler/families/rows/row_axes.h"
#include "compiler/families/rows/rows_region.h"

#include "compiler/families/family.h"
#include "compiler/match/scaled_view.h"
#include "compiler/ops/contract.h"

namespace kerf::compiler::rows {

/// The rows x columns that hang together with one contraction.
class Cluster {
public:
  /// `isOpen`: how many rows there are may be what a call says, so nothing may depend on it.
  Cluster(ContractOp root, int axis, int64_t blockElements, bool isOpen)
      : root(root), rootAxis(axis), blockElements(blockElements), isOpen(isOpen),
        misfit_{root.getLoc(), "", ""} {}

  bool match();
  /// Are there several blocks, so that something is won?
  bool isCut() const {
    auto isCut = [this](const Step &step) { return blockOf(step.sums) < rowCount(); };
    return isByOne() || (steps.empty() ? blockOf() < rowCount() : llvm::any_of(steps, isCut));
  }
  /// Are there as many blocks as rows, whatever their number?
  bool isByOne() const { return isOpen && isOfBatch(); }
  const Misfit &misfit() const { return misfit_; }
  /// Does every row weigh its columns against each other, as a softmax does, or take one of them?
  bool comparesColumns() const { return (hasExp && hasSumOverColumns) || hasChoice; }
  /// Those that make rows x columns.
  void addOps(llvm::DenseSet<mlir::Operation *> &ops) const {
    for (mlir::Value x : wide)
      if (mlir::Operation *maker = x.getDefiningOp())
        ops.insert(maker);
  }
  void rewrite();
  bool hasSumsOverRows() const {
    return llvm::any_of(steps, [](const Step &step) { return !step.sums.empty(); });
  }

private:
  static constexpr int never = INT_MAX;

  /// When a value is there. A region per step: those of step s make what later steps need.
  struct Times {
    int inside = 0;  ///< from this step on it can be made inside the step's region
    int outside = 0; ///< from this step on it exists as an array; `never` if it is wide
  };

  bool fail(mlir::Operation *where, const llvm::Twine &reason, const llvm::Twine &edit);
  bool failWhole(mlir::Operation *user) {
    return fail(user, "all scores are needed at once by " + user->getName().getStringRef(),
                "reduce them over the columns first, then over the rows");
  }
  bool failMeeting(mlir::Operation *where) {
    return fail(where, "a row meets all rows here",
                "score rows against columns that all of them share");
  }
  bool isWide(mlir::Value x) const;
  bool isSpread(mlir::Value x) const;
  /// A batch is cut whatever else reads its scores: they leave it block by block.
  bool mayLeave() const { return !root.getABatch().empty(); }
  bool visit(mlir::Value x, int axis);
  void visitMaker(mlir::Value x, int axis);
  void visitUsers(mlir::Value x, int axis);
  void followNarrow();
  void setTimes();
  Times timesOf(mlir::Operation *op) const;
  Times times(mlir::Value x) const { return when.lookup(x); }
  int axisOf(mlir::Value x) const;
  std::optional<RowAxes> axesOf(mlir::Operation *op) const;

  /// What one region holds; of its sinks some leave it.
  struct Step : rows::Region {
    llvm::SmallVector<mlir::Operation *> sinks;
  };
  bool collect(Step &step, mlir::OpOperand &use, int axis, int number);
  bool collectWhole(Step &step, mlir::OpOperand &use, int number);
  bool collectRows(Step &step, mlir::Value x, int number);
  bool collectOp(Step &step, mlir::Operation *op, int number);
  bool leaves(mlir::Operation *op, llvm::ArrayRef<Step> from) const;
  bool plan();

  int64_t rowCount() const { return typeOf(root.getY()).getDimSize(rootAxis); }
  int64_t blockOf(llvm::ArrayRef<mlir::Operation *> sums = {}) const;
  int64_t rowsBeside() const;
  bool isOfBatch() const { return rootAxis < int64_t(root.getABatch().size()); }

  mutable ContractOp root;
  int rootAxis;
  int64_t blockElements;
  bool isOpen;
  Misfit misfit_;
  bool hasExp = false, hasSumOverColumns = false, hasChoice = false;
  llvm::SetVector<mlir::Value> wide;
  llvm::DenseMap<mlir::Value, int> axes; ///< of wide values, and of narrow ones next to them
  llvm::SmallVector<mlir::Value> waiting;
  llvm::SetVector<mlir::Operation *> sinks; ///< read wide values, make narrow ones; make `leaving`
  llvm::SetVector<mlir::Value> leaving;     ///< wide values that are read by what is no part of it
  llvm::DenseMap<mlir::Value, Times> when;
  std::vector<Step> steps;
  llvm::DenseMap<mlir::Value, mlir::Value> made; ///< of a sink: what its region gives for it
};

} // namespace kerf::compiler::rows
