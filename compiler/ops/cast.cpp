#include "compiler/ops/cast.h"
#include "compiler/linalg_forms.h"
#include "compiler/narrow.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

/// Towards zero, to the nearest end of the range if outside, NaN to 0; to i1: is it not 0?
static int64_t toInteger(double x, Type element) {
  unsigned width = element.getIntOrFloatBitWidth();
  if (width == 1)
    return x != 0;
  const double end = std::ldexp(1.0, width - 1);
  if (std::isnan(x))
    return 0;
  if (x >= end)
    return APInt::getSignedMaxValue(width).getSExtValue();
  if (x < -end)
    return APInt::getSignedMinValue(width).getSExtValue();
  return int64_t(x);
}

static int64_t toInteger(int64_t x, Type element) {
  return element.isInteger(1) ? x != 0 : wrapped(x, element);
}

/// To f64, or as an f32, which is on the way to narrow floats, too.
static double toFloat(int64_t x, Type element) {
  return element.isF64() ? double(x) : double(float(x));
}

LogicalResult CastOp::verify() {
  return verifyRule(*this, rule::same(shapeOf(getX().getType()))); // C1
}

/// Does it keep every number?
static bool isExact(CastOp op) {
  const Type from = op.getX().getType().getElementType(), to = op.getType().getElementType();
  return (isNarrowFloat(from) && to.isF32()) || (isNarrowInteger(from) && to.isInteger(32));
}

/// cast(x) to its own type => x, also by way of a wider one
OpFoldResult CastOp::fold(FoldAdaptor operands) {
  if (getX().getType() == getType())
    return getX();
  if (auto wide = getX().getDefiningOp<CastOp>();
      wide && isExact(wide) && wide.getX().getType() == getType())
    return wide.getX();
  std::optional<Literal> x = onlyElement(operands.getX());
  if (!x)
    return {};
  Type element = getType().getElementType();
  if (!isa<FloatType>(element))
    return splatOf(getType(), x->isFloat() ? toInteger(x->floats()[0], element)
                                           : toInteger(x->ints()[0], element));
  return splatOf(getType(), x->isFloat() ? x->floats()[0] : toFloat(x->ints()[0], element));
}

/// Linear between floats: dx = dy in the type of x.
SmallVector<Value> CastOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  Type element = getX().getType().getElementType();
  if (!isa<FloatType>(element))
    return {Value()};
  return {cast(Val(builder, getLoc(), cotangents[0]), element)};
}

static Value floatToFloat(OpBuilder &b, Location loc, Value x, Type to) {
  if (x.getType() == to)
    return x;
  if (to.getIntOrFloatBitWidth() > x.getType().getIntOrFloatBitWidth())
    return arith::ExtFOp::create(b, loc, to, x);
  return arith::TruncFOp::create(b, loc, to, x);
}

/// arith.fptosi has no value out of range, so what it gives there is never selected.
static Value floatToInteger(OpBuilder &b, Location loc, Value x, Type to) {
  auto from = llvm::cast<FloatType>(x.getType());
  auto number = [&](double value) -> Value {
    return arith::ConstantOp::create(b, loc, b.getFloatAttr(from, value));
  };
  auto integer = [&](const APInt &value) -> Value {
    return arith::ConstantOp::create(b, loc, b.getIntegerAttr(to, value));
  };
  auto is = [&](arith::CmpFPredicate predicate, Value bound) -> Value {
    return arith::CmpFOp::create(b, loc, predicate, x, bound);
  };
  unsigned width = to.getIntOrFloatBitWidth();
  if (width == 1)
    return is(arith::CmpFPredicate::UNE, number(0));
  Value end = number(std::ldexp(1.0, width - 1)), start = number(-std::ldexp(1.0, width - 1));
  Value y = arith::FPToSIOp::create(b, loc, to, x);
  y = arith::SelectOp::create(b, loc, is(arith::CmpFPredicate::OGE, end),
                              integer(APInt::getSignedMaxValue(width)), y);
  y = arith::SelectOp::create(b, loc, is(arith::CmpFPredicate::OLT, start),
                              integer(APInt::getSignedMinValue(width)), y);
  return arith::SelectOp::create(b, loc, is(arith::CmpFPredicate::UNO, x), integer(APInt(width, 0)),
                                 y);
}

static Value integerToInteger(OpBuilder &b, Location loc, Value x, Type to) {
  unsigned from = x.getType().getIntOrFloatBitWidth(), width = to.getIntOrFloatBitWidth();
  if (from == width)
    return x;
  if (width == 1) {
    Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(x.getType()));
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, x, zero);
  }
  if (from == 1)
    return arith::ExtUIOp::create(b, loc, to, x);
  if (from < width)
    return arith::ExtSIOp::create(b, loc, to, x);
  return arith::TruncIOp::create(b, loc, to, x);
}

SmallVector<Value> CastOp::lower(OpBuilder &builder) {
  Type to = getType().getElementType();
  return lowerElementwise(builder, *this, [&](OpBuilder &b, Location loc, ValueRange x) -> Value {
    bool isFromFloat = isa<FloatType>(x[0].getType()), isToFloat = isa<FloatType>(to);
    if (isFromFloat)
      return isToFloat ? floatToFloat(b, loc, x[0], to) : floatToInteger(b, loc, x[0], to);
    if (!isToFloat)
      return integerToInteger(b, loc, x[0], to);
    if (x[0].getType().isInteger(1))
      return arith::UIToFPOp::create(b, loc, to, x[0]);
    return arith::SIToFPOp::create(b, loc, to, x[0]);
  });
}

/// How far x is from the numbers that are cast to the integer n.
static double distance(double x, int64_t n, Type element) {
  if (element.isInteger(1))
    return std::fabs(x);
  const double first = n > 0 ? n : n - 1.0, last = n < 0 ? n : n + 1.0;
  return x < first ? first - x : x - last;
}

/// A step of a staircase: the integer of a float.
bool CastOp::decides() {
  return isa<FloatType>(getX().getType().getElementType()) &&
         !isa<FloatType>(getType().getElementType());
}

SmallVector<Literal> CastOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  const Literal &x = operands[0];
  Literal y(getType());
  Type element = getType().getElementType();
  std::optional<Literal> forced;
  if (x.isFloat() && !y.isFloat())
    forced = evaluation.forcedResult(*this);
  for (int64_t i = 0; i < y.size(); ++i)
    if (y.isFloat() && x.isFloat())
      y.floats()[i] = evaluation.round(x.floats()[i], element);
    else if (y.isFloat())
      y.floats()[i] = evaluation.mode == Evaluation::Mode::f64
                          ? double(x.ints()[i])
                          : evaluation.round(toFloat(x.ints()[i], element), element);
    else
      y.ints()[i] =
          x.isFloat() ? toInteger(x.floats()[i], element) : toInteger(x.ints()[i], element);
  if (!forced)
    return {y};
  for (int64_t i = 0; i < y.size(); ++i)
    if (const int64_t n = forced->ints()[i]; n != y.ints()[i])
      noteChoice(evaluation, *this, i, distance(x.floats()[i], n, element),
                 "the integer of " + Twine(std::to_string(x.floats()[i])) + " was taken as " +
                     Twine(n));
  return {*forced};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/cast.cpp.inc"
