#include "codegen/cpu/scalar_code.h"

#include "compiler/narrow.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

// Registers

static Val divideDown(Val x, Val divisor) {
  OpBuilder &b = x.emit->b;
  Val quotient{x.emit, arith::DivSIOp::create(b, b.getUnknownLoc(), x, divisor)};
  return select(quotient * divisor > x, quotient - 1, quotient);
}

Vals evaluate(Emit &e, Region &region, ArrayRef<Val> arguments, int64_t lanes) {
  IRMapping map;
  for (auto [argument, value] : llvm::zip_equal(region.getArguments(), arguments))
    map.map(argument, value.value);
  auto registerType = [&](Type type) {
    return compiler::isNarrowFloat(type) ? Type(e.f32()) : type;
  };
  for (Operation &op : region.front().without_terminator()) {
    if (auto constant = dyn_cast<arith::ConstantOp>(op);
        constant && compiler::isNarrowFloat(constant.getType())) {
      const double number = cast<FloatAttr>(constant.getValue()).getValueAsDouble();
      map.map(op.getResult(0), e.constant(e.f32(), number).value);
      continue;
    }
    Vals operands;
    for (Value operand : op.getOperands())
      operands.push_back({&e, map.lookup(operand)});
    const bool isWide = llvm::any_of(operands, [](Val x) { return isa<VectorType>(x.type()); });
    for (Val &x : operands)
      if (isWide && !isa<VectorType>(x.type()))
        x = e.splat(x, lanes);
    Val y;
    if (isa<arith::FloorDivSIOp>(op)) {
      y = divideDown(operands[0], operands[1]);
    } else if (isa<arith::ExtFOp, arith::TruncFOp>(op)) {
      y = resize(operands[0], registerType(op.getResult(0).getType()));
    } else {
      Operation *copy = op.clone();
      for (auto [i, x] : llvm::enumerate(operands))
        copy->setOperand(i, x);
      Type type = registerType(op.getResult(0).getType());
      copy->getResult(0).setType(isWide ? e.vector(lanes, type) : type);
      y = {&e, e.b.insert(copy)->getResult(0)};
    }
    if (Type type = op.getResult(0).getType();
        compiler::isNarrowFloat(type) && !isa<arith::SelectOp>(op))
      y = widened(narrowed(y, type), type, e.f32());
    map.map(op.getResult(0), y.value);
  }
  Vals results;
  for (Value value : region.front().getTerminator()->getOperands())
    results.push_back({&e, map.lookup(value)});
  return results;
}

// Intervals

namespace {
/// Integers of less than 64 bits, and sums and products of such, are computed in i64, which holds
/// them; where one may have wrapped around, nothing is known of it.
class Intervals {
public:
  Intervals(Emit &e) : e(e) {}

  Interval of(Value x) const { return known.lookup(x); }
  void set(Value x, Interval interval) {
    if (interval.isKnown() && x.getType().isInteger())
      known[x] = interval;
  }

  void follow(Operation &op) {
    Value y = op.getResult(0);
    if (!y.getType().isInteger())
      return;
    APInt number;
    if (matchPattern(&op, m_ConstantInt(&number)))
      return set(y, Interval::point(isTruth(y) ? truth(number.getBoolValue())
                                               : e.index(number.getSExtValue())));
    if (auto compare = dyn_cast<arith::CmpIOp>(op))
      return set(y, compared(compare));
    if (auto choice = dyn_cast<arith::SelectOp>(op))
      return set(y, chosen(of(choice.getCondition()), of(choice.getTrueValue()),
                           of(choice.getFalseValue())));
    SmallVector<Interval> x;
    for (Value operand : op.getOperands()) {
      x.push_back(of(operand));
      if (!x.back().isKnown())
        return isTruth(y) ? set(y, halfKnown(op)) : void();
    }
    set(y, computed(op, x));
  }

private:
  static bool isTruth(Value x) { return x.getType().isInteger(1); }
  Val truth(bool value) { return e.constant(e.b.getI1Type(), int64_t(value)); }
  static Val negation(Val x) { return x ^ int64_t(-1); }

  /// One operand of `and` and `or` may say enough.
  Interval halfKnown(Operation &op) {
    Interval one;
    for (Value operand : op.getOperands())
      if (of(operand).isKnown())
        one = of(operand);
    if (one.isKnown() && isa<arith::AndIOp>(op))
      return {truth(false), one.high};
    if (one.isKnown() && isa<arith::OrIOp>(op))
      return {one.low, truth(true)};
    return {};
  }

  Interval chosen(Interval c, Interval a, Interval b) {
    if (!c.isKnown())
      c = {truth(false), truth(true)};
    if (!a.isKnown() || !b.isKnown())
      return {};
    const bool areTruths = a.low.type().isInteger(1);
    auto least = [&](Val x, Val y) { return areTruths ? x & y : min(x, y); };
    auto most = [&](Val x, Val y) { return areTruths ? x | y : max(x, y); };
    Val never = negation(c.high);
    return {select(c.low, a.low, select(never, b.low, least(a.low, b.low))),
            select(c.low, a.high, select(never, b.high, most(a.high, b.high)))};
  }

  Interval compared(arith::CmpIOp op) {
    using P = arith::CmpIPredicate;
    Interval a = of(op.getLhs()), b = of(op.getRhs());
    if (!a.isKnown() || !b.isKnown())
      return {};
    const P predicate = op.getPredicate();
    const bool areTruths = isTruth(op.getLhs());
    auto equal = [&]() -> Interval {
      Val same = (a.low == a.high) & (b.low == b.high) & (a.low == b.low);
      Val overlap = areTruths ? negation((a.low == a.high) & (b.low == b.high)) | (a.low == b.low)
                              : (a.low <= b.high) & (b.low <= a.high);
      return {same, overlap};
    };
    auto inverse = [&](Interval x) -> Interval { return {negation(x.high), negation(x.low)}; };
    if (predicate == P::eq || predicate == P::ne)
      return predicate == P::eq ? equal() : inverse(equal());
    if (areTruths)
      return {};
    switch (predicate) {
    case P::slt:
      return {a.high < b.low, a.low < b.high};
    case P::sle:
      return {a.high <= b.low, a.low <= b.high};
    case P::sgt:
      return {a.low > b.high, a.high > b.low};
    case P::sge:
      return {a.low >= b.high, a.high >= b.low};
    default:
      return {};
    }
  }

  /// What `bits` bits hold of an interval, whose numbers no i64 has lost.
  Interval kept(Interval x, unsigned bits) {
    if (bits == 64)
      return x;
    const int64_t most = llvm::maxIntN(bits), least = llvm::minIntN(bits);
    Val fits = (x.low >= least) & (x.high <= most);
    return {select(fits, x.low, least), select(fits, x.high, most)};
  }

  /// Sums and products of numbers of 32 bits; of wider ones nothing is known.
  Interval arithmetic(Operation &op, ArrayRef<Interval> x) {
    Val small = truth(true);
    for (const Interval &one : x)
      small = small & (one.low >= int64_t(INT32_MIN)) & (one.high <= int64_t(INT32_MAX));
    Interval y;
    if (isa<arith::AddIOp>(op)) {
      y = {x[0].low + x[1].low, x[0].high + x[1].high};
    } else if (isa<arith::SubIOp>(op)) {
      y = {x[0].low - x[1].high, x[0].high - x[1].low};
    } else {
      Val ll = x[0].low * x[1].low, lh = x[0].low * x[1].high;
      Val hl = x[0].high * x[1].low, hh = x[0].high * x[1].high;
      y = {min(min(ll, lh), min(hl, hh)), max(max(ll, lh), max(hl, hh))};
    }
    y = {select(small, y.low, INT64_MIN), select(small, y.high, INT64_MAX)};
    return kept(y, op.getResult(0).getType().getIntOrFloatBitWidth());
  }

  Interval magnitude(Interval x, unsigned bits) {
    Val sizes[] = {max(x.low, 0 - x.low), max(x.high, 0 - x.high)};
    Val low = select((x.low <= 0) & (x.high >= 0), 0, min(sizes[0], sizes[1]));
    // The least number has no magnitude: it stays what it is.
    Val wraps = x.low == int64_t(llvm::minIntN(bits));
    return {select(wraps, x.low, low), max(sizes[0], sizes[1])};
  }

  Interval computed(Operation &op, ArrayRef<Interval> x) {
    const unsigned bits = op.getResult(0).getType().getIntOrFloatBitWidth();
    if (bits == 1)
      return ofTruths(op, x);
    if (isa<arith::AddIOp, arith::SubIOp, arith::MulIOp>(op))
      return arithmetic(op, x);
    if (isa<arith::MinSIOp>(op))
      return {min(x[0].low, x[1].low), min(x[0].high, x[1].high)};
    if (isa<arith::MaxSIOp>(op))
      return {max(x[0].low, x[1].low), max(x[0].high, x[1].high)};
    if (isa<math::AbsIOp>(op))
      return magnitude(x[0], bits);
    if (isa<arith::FloorDivSIOp>(op)) // by a constant
      return {divideDown(x[0].low, x[1].low), divideDown(x[0].high, x[1].low)};
    if (isa<arith::ExtSIOp, arith::TruncIOp>(op) && !isTruth(op.getOperand(0)))
      return kept(x[0], bits);
    if (isa<arith::ExtUIOp>(op) && isTruth(op.getOperand(0)))
      return {resize(x[0].low, e.i64()), resize(x[0].high, e.i64())};
    return {};
  }

  Interval ofTruths(Operation &op, ArrayRef<Interval> x) {
    if (isa<arith::AndIOp>(op))
      return {x[0].low & x[1].low, x[0].high & x[1].high};
    if (isa<arith::OrIOp>(op))
      return {x[0].low | x[1].low, x[0].high | x[1].high};
    if (isa<arith::XOrIOp>(op)) {
      Val isPoint = (x[0].low == x[0].high) & (x[1].low == x[1].high), y = x[0].low ^ x[1].low;
      return {isPoint & y, negation(isPoint) | y};
    }
    return {};
  }

  Emit &e;
  llvm::DenseMap<Value, Interval> known;
};
} // namespace

Interval truthOf(Emit &e, Region &region, ArrayRef<Interval> arguments) {
  Intervals intervals(e);
  for (auto [argument, interval] : llvm::zip_equal(region.getArguments(), arguments))
    intervals.set(argument, interval);
  for (Operation &op : region.front().without_terminator())
    intervals.follow(op);
  Interval truth = intervals.of(region.front().getTerminator()->getOperand(0));
  if (truth.isKnown())
    return truth;
  Type type = e.b.getI1Type();
  return {e.constant(type, int64_t(0)), e.constant(type, int64_t(1))};
}

} // namespace kerf::codegen::cpu
