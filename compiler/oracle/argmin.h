// The search of argmin and of what contains one: which element is least, and may another be taken.
#pragma once

#include "compiler/oracle/elementwise.h"

#include <cmath>

namespace kerf::compiler {

inline bool isBefore(double a, double b) { return a < b || (std::isnan(a) && !std::isnan(b)); }
inline bool isBefore(int64_t a, int64_t b) { return a < b; }

/// One row of the search: `length` elements, `step` apart.
template <class T> struct Row {
  const T *first;
  int64_t length, step;
  T operator[](int64_t k) const { return first[k * step]; }

  /// The first NaN, or else the first of the smallest.
  int64_t least() const {
    int64_t best = 0;
    for (int64_t k = 1; k < length; ++k)
      if (isBefore((*this)[k], (*this)[best]))
        best = k;
    return best;
  }
};

/// What a choice of index `taken` of `row` loses to that of `best`: no number where it is outside,
/// and where integers differ at all.
template <class T> double lossOf(Row<T> row, int64_t taken, int64_t best) {
  if (taken < 0 || taken >= row.length)
    return INFINITY;
  if (!std::is_floating_point_v<T>)
    return row[taken] == row[best] ? 0 : INFINITY;
  return std::fabs(double(row[taken]) - double(row[best]));
}

/// The least of `row`, or the forced choice where there is one, for this element of op's result;
/// `best` is the lowest of its equals.
template <class T>
int64_t choose(mlir::Operation *op, Evaluation &evaluation, int64_t element, Row<T> row,
               const int64_t *forced) {
  const int64_t best = row.least();
  if (!forced || *forced == best)
    return best;
  double loss = lossOf(row, *forced, best);
  if (loss == 0 && evaluation.lowest_of_equals)
    loss = INFINITY;
  noteChoice(evaluation, op, element, loss,
             "index " + llvm::Twine(*forced) + " was taken, the least is " +
                 std::to_string(row[best]) + " at " + llvm::Twine(best));
  return *forced;
}

/// The choice of `op` for every row of its result, out of `count` scores: row i scores its k-th as
/// score(i, k).
inline Literal chooseAll(mlir::Operation *op, Evaluation &evaluation, int64_t count,
                         llvm::function_ref<double(int64_t, int64_t)> score) {
  const std::optional<Literal> forced = evaluation.forcedResult(op);
  Literal y(mlir::cast<mlir::RankedTensorType>(op->getResult(0).getType()));
  std::vector<double> scores(count);
  for (int64_t i = 0; i < y.size(); ++i) {
    for (int64_t k = 0; k < count; ++k)
      scores[k] = score(i, k);
    y.ints()[i] = choose(op, evaluation, i, Row<double>{scores.data(), count, 1},
                         forced ? &forced->ints()[i] : nullptr);
  }
  return y;
}

} // namespace kerf::compiler
