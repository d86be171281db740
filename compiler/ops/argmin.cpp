#include "compiler/ops/argmin.h"
#include "build.h"

#include <cmath>

using namespace mlir;

namespace kerf {

LogicalResult ArgminOp::verify() {
  return verifyRule(*this, rule::argmin(shapeOf(getX().getType()), getAxis())); // C1, C2, C3
}

static bool isBefore(double a, double b) { return a < b || (std::isnan(a) && !std::isnan(b)); }
static bool isBefore(int64_t a, int64_t b) { return a < b; }

/// One row of the search: `length` elements, `step` apart.
template <class T> struct Row {
  const T *first;
  int64_t length, step;
  T operator[](int64_t k) const { return first[k * step]; }

  int64_t least() const {
    int64_t best = 0;
    for (int64_t k = 1; k < length; ++k)
      if (isBefore((*this)[k], (*this)[best]))
        best = k;
    return best;
  }
  double largestMagnitude() const {
    double largest = 0;
    for (int64_t k = 0; k < length; ++k)
      largest = std::max(largest, std::fabs(double((*this)[k])));
    return largest;
  }
};

/// A forced index must be in the row, and its element no more than the bound above the least;
/// integers must not differ at all.
template <class T>
static void checkForced(ArgminOp op, Evaluation &evaluation, ArrayRef<int64_t> index, Row<T> row,
                        int64_t forced) {
  const bool isInside = forced >= 0 && forced < row.length;
  const int64_t best = row.least();
  if (forced == best)
    return;
  const double allowed =
      std::is_floating_point_v<T> ? evaluation.forced_bound * row.largestMagnitude() : 0;
  const double loss = isInside ? double(row[forced]) - double(row[best]) : INFINITY;
  if (!(loss <= allowed))
    complain(evaluation, op, index, loss, allowed,
             "index " + Twine(forced) + " was taken, the least is " + std::to_string(row[best]) +
                 " at " + Twine(best));
}

template <class T>
static Literal leastAlong(ArgminOp op, const Literal &x, const std::vector<T> &elements,
                          Evaluation &evaluation) {
  std::optional<Literal> forced;
  if (evaluation.forced)
    forced = evaluation.forced(op);
  Literal y(op.getType());
  const int64_t axis = op.getAxis(), length = x.shape()[axis];
  const int64_t step = stridesOf(x.shape())[axis];
  forEachIndex(y.shape(), [&](ArrayRef<int64_t> index, int64_t i) {
    Row<T> row{elements.data() + i / step * step * length + i % step, length, step};
    y.ints()[i] = forced ? forced->ints()[i] : row.least();
    if (forced)
      checkForced(op, evaluation, index, row, forced->ints()[i]);
  });
  return y;
}

SmallVector<Literal> ArgminOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  const Literal &x = operands[0];
  return {x.isFloat() ? leastAlong(*this, x, x.floats(), evaluation)
                      : leastAlong(*this, x, x.ints(), evaluation)};
}

} // namespace kerf

#define GET_OP_CLASSES
#include "compiler/ops/argmin.cpp.inc"
