#include "compiler/ops/gelu_gate.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

/// u = slope x + bend x^3   [Hendrycks 2016]
static constexpr double slope = 1.5957691216057307, bend = slope * 0.044715;
/// y is 0 or 1 outside of [-limit, limit], in f64 too, and x^2 overflows in neither type inside.
static constexpr double limit = 22;

static double gate(ArrayRef<double> x) {
  const double u = slope * x[0] + bend * x[0] * x[0] * x[0], e = std::exp(-std::fabs(u));
  return (u < 0 ? e : 1) / (1 + e);
}

/// dy/dx = y (1 - y) du/dx, and 1 - y is the gate of -x.
SmallVector<Value> GeluGateOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  auto [x, y, g] = vals(builder, getLoc(), getX(), getY(), cotangents[0]);
  Val minus = -x, other = x.op("gelu_gate", minus.value, x.type());
  // Where x x overflows, y or `other` is 0.
  Val near = x.op("minimum", {x.op("abs", x.value, x.type()), x.constant(limit)}, x.type());
  Val rise = x.constant(slope) + 3 * bend * (near * near);
  return {unlessIdle(g, g * y * other * rise)};
}

namespace {
/// Numbers of one type; a number and what its rounding has lost.
struct Real {
  OpBuilder &b;
  Location loc;
  Type type;

  Value number(double value) const {
    return arith::ConstantOp::create(b, loc, b.getFloatAttr(type, value));
  }
  /// What `type` loses of a constant.
  Value lost(double value) const { return number(type.isF32() ? value - double(float(value)) : 0); }
  Value add(Value x, Value y) const { return arith::AddFOp::create(b, loc, x, y); }
  Value subtract(Value x, Value y) const { return arith::SubFOp::create(b, loc, x, y); }
  Value multiply(Value x, Value y) const { return arith::MulFOp::create(b, loc, x, y); }
  /// x y + z
  Value fma(Value x, Value y, Value z) const { return math::FmaOp::create(b, loc, x, y, z); }
  Value negate(Value x) const { return arith::NegFOp::create(b, loc, x); }
};
} // namespace

/// Of |x|, so that what the gates of x and -x share is computed once: with u = |x| (slope + bend
/// x^2) and d what its rounding has lost, e^-(u + d) = e^-u (1 - d).
SmallVector<Value> GeluGateOp::lower(OpBuilder &builder) {
  return lowerElementwise(builder, *this, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    const Real r{b, loc, x[0].getType()};
    Value size = math::AbsFOp::create(b, loc, x[0]);
    Value near = arith::MinimumFOp::create(b, loc, size, r.number(limit));
    Value square = r.multiply(near, near), squareLost = r.fma(near, near, r.negate(square));
    // bend x^2
    Value p = r.multiply(square, r.number(bend));
    Value pLost = r.fma(square, r.number(bend), r.negate(p));
    pLost = r.fma(square, r.lost(bend), r.fma(squareLost, r.number(bend), pLost));
    // slope + bend x^2   [Knuth 1969, sec. 4.2.2]
    Value s = r.add(r.number(slope), p), added = r.subtract(s, r.number(slope));
    Value sLost = r.add(r.subtract(r.number(slope), r.subtract(s, added)), r.subtract(p, added));
    sLost = r.add(sLost, r.add(r.lost(slope), pLost));
    Value u = r.multiply(near, s), uLost = r.fma(near, s, r.negate(u));
    uLost = r.fma(near, sLost, uLost);

    Value below = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OLT, x[0], r.number(0));
    Value e = math::ExpOp::create(b, loc, r.negate(u));
    e = r.fma(e, r.negate(uLost), e);
    Value above = arith::SelectOp::create(b, loc, below, e, r.number(1));
    return arith::DivFOp::create(b, loc, above, r.add(r.number(1), e));
  });
}

SmallVector<Literal> GeluGateOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return evaluateElementwise(evaluation, *this, operands, gate);
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/gelu_gate.cpp.inc"
