#include "compiler/ops/top_k.h"
#include "compiler/oracle/argmin.h"

#include <numeric>

using namespace mlir;

namespace kerf::compiler {

LogicalResult TopKOp::verify() {
  return verifyRule(*this, rule::top_k(shapeOf(getX().getType()), getK())); // C1, C2, C3
}

static bool isLarger(double a, double b) { return a > b || (std::isnan(a) && !std::isnan(b)); }
static bool isLarger(int64_t a, int64_t b) { return a > b; }

namespace {
/// The search in one row, and what a compiled run may have found in its place.
template <class T> struct Largest {
  Row<T> row;
  SmallVector<int64_t> best; ///< the k largest, in order

  Largest(Row<T> row, int64_t k) : row(row), best(row.length) {
    std::iota(best.begin(), best.end(), 0);
    llvm::sort(best, [&](int64_t a, int64_t b) {
      return isLarger(row[a], row[b]) || (!isLarger(row[b], row[a]) && a < b);
    });
    best.resize(k);
  }

  /// Each element in place of the one of its rank, and no element twice. `first` is the place in
  /// the op's result of the row's first.
  void check(TopKOp op, Evaluation &evaluation, int64_t first, ArrayRef<int64_t> forced) const {
    for (auto [rank, taken] : llvm::enumerate(forced)) {
      const bool isTwice = llvm::is_contained(forced.take_front(rank), taken);
      if (taken == best[rank] && !isTwice)
        continue;
      noteChoice(evaluation, op, first + rank, isTwice ? INFINITY : lossOf(row, taken, best[rank]),
                 "index " + Twine(taken) + " was taken, the element of this rank is " +
                     std::to_string(row[best[rank]]) + " at " + Twine(best[rank]));
    }
  }
};
} // namespace

template <class T>
static Literal largestAlong(TopKOp op, const std::vector<T> &elements, Evaluation &evaluation) {
  const std::optional<Literal> forced = evaluation.forcedResult(op);
  Literal y(op.getType());
  const int64_t k = op.getK(), n = op.getX().getType().getShape().back();
  for (int64_t i = 0; i < y.size(); i += k) {
    const Largest<T> largest({elements.data() + i / k * n, n, 1}, k);
    ArrayRef<int64_t> taken = largest.best;
    if (forced) {
      taken = ArrayRef(forced->ints()).slice(i, k);
      largest.check(op, evaluation, i, taken);
    }
    llvm::copy(taken, y.ints().begin() + i);
  }
  return y;
}

/// Any axis but the one that is searched.
std::optional<RowAxes> TopKOp::rowsFromResult(int axis) {
  return axis == getX().getType().getRank() - 1 ? std::nullopt : rowAxes(axis, axis);
}
std::optional<RowAxes> TopKOp::rowsFromOperand(unsigned, int axis) { return rowsFromResult(axis); }

SmallVector<Literal> TopKOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  const Literal &x = operands[0];
  return {x.isFloat() ? largestAlong(*this, x.floats(), evaluation)
                      : largestAlong(*this, x.ints(), evaluation)};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/top_k.cpp.inc"
