// Integers in the scalar functions: indices as such, in i32 where nothing overflows, comparisons in
// one form.
#include "compiler/families/attention/body.h"
#include "compiler/val.h"

#include "compiler/ops/abs.h"
#include "compiler/ops/add.h"
#include "compiler/ops/bit_not.h"
#include "compiler/ops/cast.h"
#include "compiler/ops/compare.h"
#include "compiler/ops/floor_divide.h"
#include "compiler/ops/gather.h"
#include "compiler/ops/maximum.h"
#include "compiler/ops/minimum.h"
#include "compiler/ops/mul.h"
#include "compiler/ops/neg.h"
#include "compiler/ops/remainder.h"
#include "compiler/ops/select.h"
#include "compiler/ops/sub.h"

using namespace mlir;

namespace kerf::compiler::attention {

static constexpr int64_t largest = std::numeric_limits<int32_t>::max();

static bool fits(const Range &range) { return range.low >= -largest && range.high <= largest; }

/// An index, if no part of it overflows an i32.
Body::Scalar Body::indexed(const Index &index) {
  int64_t bound = std::min(std::abs(index.constant), largest + 1);
  for (unsigned dim = 0; dim < attention.frame.size() && bound <= largest; ++dim)
    if (int64_t most; index.times[dim] != 0 &&
                      (llvm::MulOverflow(std::abs(index.times[dim]),
                                         std::max<int64_t>(attention.frame.extent(dim), 1), most) ||
                       llvm::AddOverflow(bound, most, bound)))
      return {};
  if (bound > largest)
    return index.isConstant() ? Scalar{number(index.constant, b.getI64Type()), {}, {}} : Scalar{};
  return {{}, index, attention.frame.range(index)};
}

/// The value of a scalar, in the type that it is held in.
Value Body::held(Scalar &scalar) {
  if (scalar.value)
    return scalar.value;
  const Type i32 = b.getI32Type();
  const Location location = attention.root->getLoc();
  Value sum, less;
  for (unsigned i = dims.size(); i-- > 0;) {
    const auto &dim = dims[i];
    const int64_t times = dim ? scalar.index->times[*dim] : 0;
    if (times == 0)
      continue;
    Value term = block->getArgument(first + i);
    if (std::abs(times) != 1)
      term = made(location, "mul", {term, number(std::abs(times), i32)}, i32);
    Value &side = times > 0 ? sum : less;
    side = side ? made(location, "add", {side, term}, i32) : term;
  }
  const int64_t constant = scalar.index->constant;
  if (sum && less)
    sum = made(location, "sub", {sum, less}, i32);
  else if (less)
    return scalar.value = made(location, "sub", {number(constant, i32), less}, i32);
  if (!sum)
    return scalar.value = number(constant, i32);
  if (constant != 0)
    sum = made(location, "add", {sum, number(constant, i32)}, i32);
  return scalar.value = sum;
}

Value Body::as(Scalar &scalar, Type element) {
  const Value value = held(scalar);
  if (typeOf(value).getElementType() == element)
    return value;
  return made(value.getLoc(), "cast", value, element);
}

/// The range of what `op` makes of operands with ranges.
std::optional<Range> Body::rangeOf(Operation *op, ArrayRef<Scalar> operands) const {
  if (!llvm::all_of(operands, [](const Scalar &x) { return x.range.has_value(); }))
    return {};
  const Range a = *operands[0].range, c = operands.size() > 1 ? *operands[1].range : Range{};
  const bool isDivision = isa<FloorDivideOp, RemainderOp>(op);
  if (isDivision && (a.low < 0 || c.low != c.high || c.low <= 0))
    return {};
  if (isa<AddOp>(op))
    return Range{a.low + c.low, a.high + c.high};
  if (isa<SubOp>(op))
    return Range{a.low - c.high, a.high - c.low};
  if (isa<NegOp>(op))
    return Range{-a.high, -a.low};
  if (isa<MulOp>(op)) {
    const std::array all = {a.low * c.low, a.low * c.high, a.high * c.low, a.high * c.high};
    return Range{*llvm::min_element(all), *llvm::max_element(all)};
  }
  if (isa<MaximumOp>(op))
    return Range{std::max(a.low, c.low), std::max(a.high, c.high)};
  if (isa<MinimumOp>(op))
    return Range{std::min(a.low, c.low), std::min(a.high, c.high)};
  if (isa<AbsOp>(op))
    return Range{0, std::max(std::abs(a.low), std::abs(a.high))};
  if (isa<FloorDivideOp>(op))
    return Range{a.low / c.low, a.high / c.low};
  if (isa<RemainderOp>(op))
    return Range{0, std::min(a.high, c.low - 1)};
  return {};
}

Body::Scalar Body::makeIntegers(Operation *op, MutableArrayRef<Scalar> operands) {
  const Type element = typeOf(op->getResult(0)).getElementType();
  if (isa<CastOp>(op) && operands[0].range && (element.isInteger(64) || element.isInteger(32)))
    return operands[0];
  const bool isWord = element.isInteger(64) || element.isInteger(32);
  if (isWord && operands.size() == 2 && operands[0].index && operands[1].index) {
    const Index &x = *operands[0].index, &y = *operands[1].index;
    std::optional<Index> index;
    if (isa<AddOp>(op))
      index = x + y;
    else if (isa<SubOp>(op))
      index = x - y;
    else if (isa<MulOp>(op) && (x.isConstant() || y.isConstant()))
      index = x.isConstant() ? y * x.constant : x * y.constant;
    if (index)
      if (Scalar scalar = indexed(*index))
        return scalar;
  }
  if (isa<MaximumOp, MinimumOp>(op) && operands[0].range && operands[1].range) {
    const Range x = *operands[0].range, y = *operands[1].range; // a clamp may change nothing
    if (isa<MaximumOp>(op) ? x.low >= y.high : x.high <= y.low)
      return operands[0];
    if (isa<MaximumOp>(op) ? y.low >= x.high : y.high <= x.low)
      return operands[1];
  }
  if (isa<NegOp>(op) && operands[0].index)
    return indexed(*operands[0].index * -1);
  auto range = isWord ? rangeOf(op, operands) : std::nullopt;
  if (range && !fits(*range))
    range = {};
  SmallVector<Value> values;
  for (auto [scalar, x] : llvm::zip_equal(operands, op->getOperands()))
    values.push_back(range ? held(scalar) : as(scalar, typeOf(x).getElementType()));
  const Type type = range ? b.getI32Type() : element;
  return {
      made(op->getLoc(), op->getName().stripDialect(), values, type, op->getAttrs()), {}, range};
}

// ---- comparisons -------------------------------------------------------------------------------

/// In one form, whichever way round they were written: keys on the left, else queries; le, ge, eq,
/// ne.
Body::Scalar Body::compareIndices(StringRef predicate, const Index &difference) {
  auto ordered = [&]() -> std::pair<StringRef, Index> {
    if (predicate == "lt")
      return {"le", difference + Frame::number(1)};
    if (predicate == "gt")
      return {"ge", difference - Frame::number(1)};
    return {predicate, difference};
  };
  auto [relation, index] = ordered();
  int64_t leading = 0;
  for (auto dim : llvm::reverse(dims))
    if (dim && leading == 0)
      leading = index.times[*dim];
  if (leading < 0) {
    index = index * -1;
    relation = relation == "le" ? "ge" : relation == "ge" ? "le" : relation;
  }
  const Range range = attention.frame.range(index);
  auto known = [&](bool truth) { return Scalar{number(truth, b.getI1Type()), {}, {}}; };
  if (relation == "le" ? range.high <= 0 : relation == "ge" && range.low >= 0)
    return known(true);
  if (relation == "le" ? range.low > 0 : relation == "ge" && range.high < 0)
    return known(false);
  if (range.low > 0 || range.high < 0 || (range.low == 0 && range.high == 0))
    return known((relation == "eq") == (range.low == 0 && range.high == 0));
  Index left, right = Frame::number(-index.constant);
  for (unsigned dim = 0; dim < attention.frame.size(); ++dim)
    (index.times[dim] > 0 ? left : right).times[dim] = std::abs(index.times[dim]);
  Scalar x = indexed(left), y = indexed(right);
  return {made(attention.root->getLoc(), "compare", {held(x), held(y)}, b.getI1Type(),
               b.getNamedAttr("predicate", b.getStringAttr(relation))),
          {},
          {}};
}

Body::Scalar Body::makeComparison(Operation *op, Scalar a, Scalar c) {
  const StringRef predicate = cast<CompareOp>(op).getPredicate();
  if (a.index && c.index)
    if (const Index difference = *a.index - *c.index;
        indexed(difference) && indexed(difference + Frame::number(2)))
      return compareIndices(predicate, difference);
  const bool areNarrow = a.range && c.range;
  SmallVector<Value> values;
  for (auto [scalar, x] : {std::pair(&a, op->getOperand(0)), std::pair(&c, op->getOperand(1))})
    values.push_back(areNarrow ? held(*scalar) : as(*scalar, typeOf(x).getElementType()));
  return {made(op->getLoc(), "compare", values, b.getI1Type(), op->getAttrs()), {}, {}};
}

// ---- tables ------------------------------------------------------------------------------------

/// An element of a table, at a row that is an index inside it.
Body::Scalar Body::makeGathered(Operation *op, const Place &place) {
  auto gather = dyn_cast<GatherOp>(op);
  if (!gather || !isPure(gather.getIndices()))
    return {};
  const int64_t rank = gather.getIndices().getType().getRank();
  Scalar row = make({gather.getIndices(), Place(place.begin(), place.begin() + rank)});
  if (!row.index)
    return {};
  const Range range = attention.frame.range(*row.index);
  if (range.low < 0 || range.high >= gather.getTable().getType().getDimSize(0))
    return {};
  Place inTable{*row.index};
  inTable.insert(inTable.end(), place.begin() + rank, place.end());
  return make({gather.getTable(), inTable});
}

} // namespace kerf::compiler::attention
