#include "compiler/ops/argsort.h"
#include "compiler/oracle/argmin.h"
#include "compiler/oracle/lines.h"

#include <numeric>

using namespace mlir;

namespace kerf::compiler {

LogicalResult ArgsortOp::verify() {
  return verifyRule(*this, rule::along(shapeOf(getX().getType()), getAxis())); // C1, C2
}

static bool isSmaller(double a, double b) { return a < b || (std::isnan(b) && !std::isnan(a)); }
static bool isSmaller(int64_t a, int64_t b) { return a < b; }

/// Each element in place of the one of its rank, and every element once.
template <class T>
static void checkOrder(ArgsortOp op, Evaluation &evaluation, Row<T> row, ArrayRef<int64_t> own,
                       ArrayRef<int64_t> forced, llvm::function_ref<int64_t(int64_t)> placeOf) {
  std::vector<bool> isTaken(row.length);
  for (int64_t rank = 0; rank < row.length; ++rank) {
    const int64_t taken = forced[rank];
    const bool isOutside = taken < 0 || taken >= row.length;
    const bool isTwice = !isOutside && isTaken[taken];
    if (!isOutside)
      isTaken[taken] = true;
    if (taken != own[rank] || isTwice)
      noteChoice(evaluation, op, placeOf(rank), isTwice ? INFINITY : lossOf(row, taken, own[rank]),
                 "index " + Twine(taken) + " was taken, the element of this rank is " +
                     std::to_string(row[own[rank]]) + " at " + Twine(own[rank]));
  }
}

template <class T>
static Literal orderAlong(ArgsortOp op, const std::vector<T> &elements, Evaluation &evaluation) {
  const std::optional<Literal> forced = evaluation.forcedResult(op);
  Literal y(op.getType());
  const Lines lines(y.shape(), op.getAxis());
  SmallVector<int64_t> order(lines.n), taken(lines.n);
  lines.forEach([&](int64_t o, int64_t j) {
    const Row<T> row{elements.data() + lines.place(o, 0, j), lines.n, lines.inner};
    std::iota(order.begin(), order.end(), 0);
    auto comesFirst = [&](int64_t a, int64_t b) {
      return op.getDescending() ? isSmaller(row[b], row[a]) : isSmaller(row[a], row[b]);
    };
    llvm::sort(order, [&](int64_t a, int64_t b) { // equal ones stay in order
      return comesFirst(a, b) || (a < b && !comesFirst(b, a));
    });
    auto placeOf = [&](int64_t rank) { return lines.place(o, rank, j); };
    for (int64_t rank = 0; rank < lines.n; ++rank)
      taken[rank] = forced ? forced->ints()[placeOf(rank)] : order[rank];
    if (forced)
      checkOrder<T>(op, evaluation, row, order, taken, placeOf);
    for (int64_t rank = 0; rank < lines.n; ++rank)
      y.ints()[placeOf(rank)] = taken[rank];
  });
  return y;
}

std::optional<RowAxes> ArgsortOp::rowsFromResult(int axis) {
  return axis == int64_t(getAxis()) ? std::nullopt : rowAxes(axis, axis);
}
std::optional<RowAxes> ArgsortOp::rowsFromOperand(unsigned, int axis) {
  return rowsFromResult(axis);
}

SmallVector<Literal> ArgsortOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  const Literal &x = operands[0];
  return {x.isFloat() ? orderAlong(*this, x.floats(), evaluation)
                      : orderAlong(*this, x.ints(), evaluation)};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/argsort.cpp.inc"
