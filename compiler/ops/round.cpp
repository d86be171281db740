#include "compiler/ops/round.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

static double rounded(ArrayRef<double> x) { return std::nearbyint(x[0]); }

/// round(round(x)) => round(x)
OpFoldResult RoundOp::fold(FoldAdaptor operands) {
  if (getX().getDefiningOp<RoundOp>())
    return getX();
  return foldSplats(*this, operands.getX(), rounded);
}

/// dy/dx = 0 almost everywhere: no use to anybody who asks for it.
SmallVector<Value> RoundOp::vjp(OpBuilder &, ValueRange) { return {Value()}; }

StringRef RoundOp::derivativeGap() { return "piecewise constant"; }

SmallVector<Value> RoundOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    return math::RoundEvenOp::create(b, loc, x[0]);
  });
}

SmallVector<Literal> RoundOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  SmallVector<Literal> own = evaluateElementwise(evaluation, *this, operands, rounded);
  std::optional<Literal> forced;
  if (evaluation.forced)
    forced = evaluation.forced(*this);
  if (!forced)
    return own;
  for (auto [i, x] : llvm::enumerate(operands[0].floats()))
    if (const double step = forced->floats()[i], nearest = own[0].floats()[i];
        step != nearest && !(std::isnan(step) && std::isnan(nearest)))
      noteChoice(evaluation, *this, i, step != rounded(step) ? INFINITY : std::fabs(x - step) - 0.5,
                 "the integer next to " + Twine(std::to_string(x)) + " was taken as " +
                     std::to_string(step));
  return {*forced};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/round.cpp.inc"
