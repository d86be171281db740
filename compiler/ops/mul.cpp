#include "compiler/ops/mul.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {

static double product(ArrayRef<double> x) { return x[0] * x[1]; }
static int64_t productInt(ArrayRef<int64_t> x) { return uint64_t(x[0]) * uint64_t(x[1]); }

/// a * 1 => a. Not a * 0 => 0: a may be NaN.
OpFoldResult MulOp::fold(FoldAdaptor operands) {
  if (isSplat(operands.getB(), 1))
    return getA();
  return foldSplats(*this, {operands.getA(), operands.getB()}, product, productInt);
}

/// dy * x; x may be infinite or NaN in a branch that is not taken.
static Val scaled(Val g, Val x) { return isFiniteConstant(x) ? g * x : unlessIdle(g, g * x); }

/// J = [diag(b) diag(a)], so da = dy * b, db = dy * a.
SmallVector<Value> MulOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  auto [a, b, g] = vals(builder, getLoc(), getA(), getB(), cotangents[0]);
  return {scaled(g, b), scaled(g, a)};
}

SmallVector<Value> MulOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    if (isa<FloatType>(x[0].getType()))
      return arith::MulFOp::create(b, loc, x[0], x[1]);
    return arith::MulIOp::create(b, loc, x[0], x[1]);
  });
}

SmallVector<Literal> MulOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands, product, productInt);
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/mul.cpp.inc"
