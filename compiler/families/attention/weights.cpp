// From the weights to the scores: a softmax as users write it.
#include "compiler/families/attention/attention.h"

#include "compiler/ops/compare.h"
#include "compiler/ops/div.h"
#include "compiler/ops/exp.h"
#include "compiler/ops/log.h"
#include "compiler/ops/log_softmax.h"
#include "compiler/ops/max.h"
#include "compiler/ops/maximum.h"
#include "compiler/ops/mul.h"
#include "compiler/ops/stop_gradient.h"
#include "compiler/ops/sub.h"
#include "compiler/ops/sum.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler::attention {

/// Below every maximum that an exponential is taken from in earnest, and not -inf.
static constexpr double lowest = -1e4;

/// The predicate of b and a.
static StringRef flipped(StringRef predicate) {
  return llvm::StringSwitch<StringRef>(predicate)
      .Case("lt", "gt")
      .Case("gt", "lt")
      .Case("le", "ge")
      .Case("ge", "le")
      .Default(predicate);
}

std::optional<Comparison> comparison(Value condition) {
  auto compare = condition.getDefiningOp<CompareOp>();
  if (!compare)
    return {};
  if (auto number = numberOf(compare.getB()))
    return Comparison{compare.getA(), compare.getPredicate(), *number};
  if (auto number = numberOf(compare.getA()))
    return Comparison{compare.getB(), flipped(compare.getPredicate()), *number};
  return {};
}

Value replacedAt(SelectOp select, double number, llvm::function_ref<bool(double)> fits) {
  auto where = select ? comparison(select.getC()) : std::nullopt;
  if (!where || where->number != number)
    return {};
  const bool isThere = where->predicate == "eq" || where->predicate == "le",
             isNot = where->predicate == "ne" || where->predicate == "gt";
  const Value other = select->getOperand(isThere ? 1 : 2), x = select->getOperand(isThere ? 2 : 1);
  const auto replacement = numberOf(other);
  return (isThere || isNot) && x == where->x && replacement && fits(*replacement) ? x : Value();
}

bool Attention::takeWeights(Term t) {
  if (!peelWeights(t))
    return false;
  Operation *op = t.value.getDefiningOp();
  if (divisor)
    return isa<DivOp>(root) ? takeQuotient(t, *divisor) : takeReciprocal(t, *divisor);
  if (auto div = dyn_cast_if_present<DivOp>(op))
    return takeQuotient({div.getA(), t.place}, {div.getB(), t.place});
  if (auto mul = dyn_cast_if_present<MulOp>(op)) {
    const bool isFirst = plain({mul.getB(), t.place}).value.getDefiningOp<DivOp>();
    return takeReciprocal({isFirst ? mul.getA() : mul.getB(), t.place},
                          {isFirst ? mul.getB() : mul.getA(), t.place});
  }
  auto exp = dyn_cast_if_present<ExpOp>(op);
  if (exp && plain({exp.getX(), t.place}).value.getDefiningOp<LogSoftmaxOp>())
    return takeLogSoftmax(plain({exp.getX(), t.place}));
  if (auto sub = exp ? exp.getX().getDefiningOp<SubOp>() : SubOp())
    if (isLogOfSums({sub.getB(), t.place}, {sub.getA(), t.place})) {
      scores = {sub.getA(), t.place};
      auto inner = plain(scores);
      auto shifted = inner.value.getDefiningOp<SubOp>();
      if (shifted && takeShift({shifted.getB(), inner.place}, {shifted.getA(), inner.place}))
        scores = {shifted.getA(), inner.place};
      return true;
    }
  lacksSums_ = exp != nullptr;
  if (exp)
    return fail(outer, "the exponentials are nowhere divided by their sum over the keys",
                "divide them, or the result, by the sum over the axis that is contracted");
  return fail(op ? op : outer,
              "behind the softmax stands " +
                  Twine(op ? op->getName().getStringRef() : StringRef("an argument")),
              "apply it to the result, or to the scores before the softmax");
}

/// Views, casts, numbers and dropout behind the softmax.
bool Attention::peelWeights(Term &t) {
  while (true) {
    t = plain(t);
    if (Multiple multiple = numberMultiple(t.value); multiple.inner) {
      factor *= multiple.factor;
      t.value = multiple.inner;
    } else if (auto select = t.value.getDefiningOp<SelectOp>()) {
      if (!takeDropout(select, t))
        return false;
    } else {
      return true;
    }
  }
}

/// select(uniform >= rate, w, 0), or the other way round; what w is multiplied with is a number.
bool Attention::takeDropout(SelectOp select, Term &t) {
  auto where = comparison(select.getC());
  const bool isKept = where && (where->predicate == "ge" || where->predicate == "gt");
  const Value zero = select->getOperand(isKept ? 2 : 1);
  Term drawn = where ? frame.settled({where->x, t.place}) : Term{};
  auto uniform = where ? drawn.value.getDefiningOp<UniformOp>() : UniformOp();
  if (!uniform || where->predicate == "le" || where->predicate == "gt" || numberOf(zero) != 0.)
    return fail(select, "behind the softmax stands a choice that is no dropout",
                "choose among the scores, by -inf, or drop by uniform(key) >= rate");
  if (draw)
    return fail(select, "weights are dropped twice", "drop once, at the rate of both");
  if (!(where->number >= 0 && where->number < 1))
    return fail(select, "the rate of the dropout is not in [0, 1)", "drop at a rate below 1");
  draw = uniform;
  drawPlace = drawn.place;
  rate = where->number;
  factor *= 1 - rate; // which the op divides by
  t.value = select->getOperand(isKept ? 1 : 2);
  return true;
}

/// e / sums, where dropout may stand on e.
bool Attention::takeQuotient(Term e, Term sums) {
  if (!peelWeights(e))
    return false;
  auto exp = e.value.getDefiningOp<ExpOp>();
  if (!exp)
    return fail(
        e.value.getDefiningOp() ? e.value.getDefiningOp() : outer.getOperation(),
        "what is divided is no exponential",
        "divide exp(scores) by its sum over the keys; a key is left out by a score of -inf");
  return takeShifted(e) && takeSums(sums, e);
}

bool Attention::takeReciprocal(Term e, Term reciprocal) {
  reciprocal = plain(reciprocal);
  auto div = reciprocal.value.getDefiningOp<DivOp>();
  const auto one = div ? numberOf(div.getA()) : std::nullopt;
  if (!one || *one == 0)
    return fail(reciprocal.value.getDefiningOp() ? reciprocal.value.getDefiningOp()
                                                 : outer.getOperation(),
                "the weights are multiplied with what is no reciprocal of their sums",
                "multiply the scores before the softmax, or the values");
  factor *= *one;
  return takeQuotient(e, {div.getB(), reciprocal.place});
}

/// Where the elements are that a reduction over the keys takes; nothing if it is over another axis.
std::optional<Place> Attention::beforeReduction(Operation *op, ArrayRef<int64_t> axes,
                                                const Place &place) const {
  Place result;
  size_t next = 0;
  bool isOverKeys = false;
  ArrayRef<int64_t> shape = typeOf(op->getOperand(0)).getShape();
  for (auto [axis, extent] : llvm::enumerate(shape)) {
    if (!llvm::is_contained(axes, int64_t(axis))) {
      result.push_back(place[next++]);
    } else if (!isOverKeys && extent == frame.extent(key)) {
      result.push_back(Frame::dim(key));
      isOverKeys = true;
    } else if (extent == 1) {
      result.push_back(Index());
    } else {
      return {};
    }
  }
  return isOverKeys ? std::optional(result) : std::nullopt;
}

/// sum(e) over the keys, or 1 where it is 0, repeated for every key or feature.
bool Attention::takeSums(Term sums, const Term &e) {
  double least = 0;
  while (true) {
    sums = plain(sums);
    auto select = sums.value.getDefiningOp<SelectOp>();
    auto maximum = sums.value.getDefiningOp<MaximumOp>();
    if (Value x = replacedAt(select, 0, [](double other) { return other > 0; })) {
      isGuarded = true;
      sums.value = x;
    } else if (maximum && (numberOf(maximum.getA()) || numberOf(maximum.getB()))) {
      const bool isFirst = numberOf(maximum.getA()).has_value();
      least = *numberOf(isFirst ? maximum.getA() : maximum.getB());
      isGuarded = true;
      sums.value = isFirst ? maximum.getB() : maximum.getA();
      if (!isShifted || !(least > 0 && least <= 1))
        return fail(maximum, "the sums of the weights are kept above a number that they reach",
                    "subtract the maximum of the scores; a sum is at least 1 then");
    } else {
      break;
    }
  }
  Operation *op = sums.value.getDefiningOp();
  auto sum = dyn_cast_if_present<SumOp>(op);
  if (!sum)
    return fail(op ? op : outer.getOperation(), "the weights are divided by what is not their sum",
                "divide by the sum of the exponentials over the keys alone; a sink is a key more, "
                "whose value is 0");
  this->sums = {sum.getY(), sums.place};
  auto place = beforeReduction(sum, sum.getAxes(), sums.place);
  if (!place || !isSame({sum.getX(), *place}, e))
    return fail(sum,
                "the softmax is along another axis than the one that the values are summed over",
                "take the softmax along the keys, the axis that the contraction sums");
  return true;
}

bool Attention::takeLogSoftmax(Term log) {
  auto op = log.value.getDefiningOp<LogSoftmaxOp>();
  if (!frame.isSame({log.place[op.getAxis()]}, {Frame::dim(key)}))
    return fail(op,
                "the softmax is along another axis than the one that the values are summed over",
                "take the softmax along the keys, the axis that the contraction sums");
  scores = {op.getX(), log.place};
  return true;
}

/// e = exp(scores), or exp(scores - max(scores))
bool Attention::takeShifted(const Term &e) {
  auto exp = e.value.getDefiningOp<ExpOp>();
  const Term inside = plain({exp.getX(), e.place});
  auto sub = inside.value.getDefiningOp<SubOp>();
  if (sub && takeShift({sub.getB(), inside.place}, {sub.getA(), inside.place}))
    scores = {sub.getA(), inside.place};
  else
    scores = inside;
  return true;
}

bool Attention::takeShift(Term shift, const Term &scores) {
  const std::optional<bool> clamped = shiftOf(shift, scores);
  if (!clamped)
    return false;
  isShifted = true;
  isClamped = *clamped;
  return true;
}

/// Is `shift` max(scores) over the keys, a constant to derivatives or not? If so, whether it is
/// kept from -inf.
std::optional<bool> Attention::shiftOf(Term shift, const Term &scores) {
  bool clamped = false;
  auto isAny = [](double) { return true; };
  while (true) {
    shift = plain(shift);
    auto maximum = shift.value.getDefiningOp<MaximumOp>();
    if (auto stop = shift.value.getDefiningOp<StopGradientOp>()) {
      shift.value = stop.getX();
    } else if (Value x = replacedAt(shift.value.getDefiningOp<SelectOp>(), -INFINITY, isAny)) {
      clamped = true;
      shift.value = x;
    } else if (maximum && (numberOf(maximum.getA()) || numberOf(maximum.getB()))) {
      const bool isFirst = numberOf(maximum.getA()).has_value();
      const double least = *numberOf(isFirst ? maximum.getA() : maximum.getB());
      if (!(least <= lowest))
        return {};
      clamped |= std::isfinite(least);
      shift.value = isFirst ? maximum.getB() : maximum.getA();
    } else {
      break;
    }
  }
  auto max = shift.value.getDefiningOp<MaxOp>();
  auto place = max ? beforeReduction(max, max.getAxes(), shift.place) : std::nullopt;
  return place && isSame({max.getX(), *place}, scores) ? std::optional(clamped) : std::nullopt;
}

/// Is `shift` log(sum(exp(scores)))?
bool Attention::isLogOfSums(Term shift, const Term &scores) {
  shift = plain(shift);
  auto log = shift.value.getDefiningOp<LogOp>();
  const Term inside = log ? plain({log.getX(), shift.place}) : Term{};
  auto sum = log ? inside.value.getDefiningOp<SumOp>() : SumOp();
  auto place = sum ? beforeReduction(sum, sum.getAxes(), inside.place) : std::nullopt;
  if (!place)
    return false;
  const Term e = plain({sum.getX(), *place});
  auto exp = e.value.getDefiningOp<ExpOp>();
  return exp && isSame({exp.getX(), e.place}, scores);
}

/// The same value, whether it is written once or twice.
static bool isSameValue(Value a, Value b, unsigned depth) {
  if (a == b)
    return true;
  Operation *x = a.getDefiningOp(), *y = b.getDefiningOp();
  if (!x || !y || depth == 0 || x->getName() != y->getName() || x->getNumResults() != 1 ||
      x->getNumRegions() != 0 || a.getType() != b.getType() ||
      x->getAttrDictionary() != y->getAttrDictionary() ||
      x->getNumOperands() != y->getNumOperands() || !isMemoryEffectFree(x) || isa<Draw>(x))
    return false;
  return llvm::all_of(llvm::zip_equal(x->getOperands(), y->getOperands()), [&](auto pair) {
    return isSameValue(std::get<0>(pair), std::get<1>(pair), depth - 1);
  });
}

bool Attention::isSame(Term a, Term b) {
  constexpr unsigned deepest = 16;
  a = plain(a), b = plain(b);
  return a.place.size() == b.place.size() && frame.isSame(a.place, b.place) &&
         isSameValue(a.value, b.value, deepest);
}

} // namespace kerf::compiler::attention
