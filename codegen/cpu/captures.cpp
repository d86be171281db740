#include "codegen/cpu/captures.h"

#include "compiler/narrow.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/AffineMap.h"

using namespace mlir;
using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

// Affine places

/// Factors of the dims, then the constant; none if it divides.
static std::optional<SmallVector<int64_t>> sumOf(AffineExpr expression, unsigned dims) {
  auto divides = [](AffineExpr part) {
    return part.getKind() == AffineExprKind::Mod || part.getKind() == AffineExprKind::FloorDiv ||
           part.getKind() == AffineExprKind::CeilDiv;
  };
  bool isSum = expression.isPureAffine();
  expression.walk([&](AffineExpr part) { isSum &= !divides(part); });
  if (!isSum)
    return {};
  MLIRContext *context = expression.getContext();
  auto at = [&](unsigned one) {
    SmallVector<AffineExpr> values;
    for (unsigned d = 0; d < dims; ++d)
      values.push_back(getAffineConstantExpr(d == one, context));
    return cast<AffineConstantExpr>(simplifyAffineExpr(expression.replaceDims(values), 0, 0))
        .getValue();
  };
  SmallVector<int64_t> sum;
  const int64_t constant = at(dims);
  for (unsigned d = 0; d < dims; ++d)
    sum.push_back(at(d) - constant);
  sum.push_back(constant);
  return sum;
}

std::optional<SmallVector<int64_t>> placesOf(AffineMap map, ArrayRef<int64_t> shape) {
  SmallVector<int64_t> place(map.getNumDims() + 1, 0);
  int64_t stride = 1;
  for (unsigned axis = shape.size(); axis-- > 0; stride *= shape[axis]) {
    auto sum = sumOf(map.getResult(axis), map.getNumDims());
    if (!sum)
      return {};
    for (auto [to, factor] : llvm::zip_equal(place, *sum))
      to += factor * stride;
  }
  return place;
}

bool Captures::dependsOn(unsigned capture, unsigned dim) const {
  return maps[capture].isFunctionOfDim(dim);
}

Captures::Lanes Captures::lanesOf(unsigned capture) const {
  AffineMap map = maps[capture];
  const unsigned key = queryDim() + 1;
  if (!map.isFunctionOfDim(key))
    return Lanes::same;
  for (AffineExpr axis : map.getResults().drop_back())
    if (axis.isFunctionOfDim(key))
      return Lanes::apart;
  const int64_t step = (*sumOf(map.getResults().back(), map.getNumDims()))[key];
  return step == 1 ? Lanes::next : step == -1 ? Lanes::back : Lanes::apart;
}

// Code

void Captures::takePointers(Function &k) {
  for (Type element : elements) {
    if (element.isInteger(1)) // a byte in memory
      pointers.push_back(k.pointer(k.b.getI8Type()));
    else if (compiler::isNarrowFloat(element))
      pointers.push_back(k.pointer(k.f32(), element));
    else
      pointers.push_back(k.pointer(element));
  }
}

void Captures::takeNumbers(Function &k) {
  for (AffineMap map : maps) {
    numbers.emplace_back();
    for (unsigned d = 0; d <= map.getNumDims(); ++d)
      numbers.back().push_back(k.size());
  }
}

Vals Captures::rowPlaces(ArrayRef<Val> batch, Val i) const {
  Vals places;
  for (const Vals &factors : numbers) {
    Val place = factors.back() + factors[queryDim()] * i;
    for (auto [b, factor] : llvm::zip(batch, factors))
      place = place + b * factor;
    places.push_back(place);
  }
  return places;
}

static Val truthIf(bool isTruth, Val x) {
  if (!isTruth)
    return x;
  auto lanes = dyn_cast<VectorType>(x.type());
  Type bit = x.emit->b.getI1Type();
  Type type = lanes ? Type(VectorType::get(lanes.getShape(), bit)) : bit;
  return {x.emit, arith::TruncIOp::create(x.emit->b, type, x)};
}

Val Captures::loadOne(unsigned capture, Val place) const {
  return truthIf(elements[capture].isInteger(1), (pointers[capture] + place).load());
}

Val Captures::load(unsigned capture, Val rowPlace, Val j, int64_t lanes, Val valid) const {
  const Lanes kind = lanesOf(capture);
  if (kind == Lanes::same || lanes == 1)
    return loadOne(capture, kind == Lanes::same ? rowPlace
                                                : rowPlace + j * numbers[capture][queryDim() + 1]);
  Val step = numbers[capture][queryDim() + 1];
  Ptr first = pointers[capture] + (rowPlace + j * step);
  const bool isTruth = elements[capture].isInteger(1);
  if (kind == Lanes::next && !valid.emit)
    return truthIf(isTruth, first.load(lanes));
  if (kind == Lanes::back && !valid.emit) {
    Val x = (first + (1 - lanes)).load(lanes);
    SmallVector<int64_t> order;
    for (int64_t lane = lanes; lane-- > 0;)
      order.push_back(lane);
    return truthIf(isTruth, emit::shuffle(x, x, ArrayRef<int64_t>(order)));
  }
  Emit &e = *rowPlace.emit;
  SmallVector<Value> parts;
  for (int64_t lane = 0; lane < lanes; ++lane) {
    Val number = valid.emit ? min(e.index(lane), valid - 1) : e.index(lane);
    parts.push_back((first + number * step).load());
  }
  auto type = cast<VectorType>(e.vector(lanes, parts[0].getType()));
  Val elements{&e, vector::FromElementsOp::create(e.b, type, parts)};
  return truthIf(isTruth, elements);
}

Interval Captures::over(unsigned capture, ArrayRef<Val> batch, std::array<Val, 2> i,
                        std::array<Val, 2> j) const {
  const bool isTruth = elements[capture].isInteger(1);
  const bool alongRows = dependsOn(capture, queryDim());
  const bool alongKeys = dependsOn(capture, queryDim() + 1);
  if (!elements[capture].isInteger() || (alongRows && alongKeys))
    return {};
  Emit &e = *i[0].emit;
  auto wide = [&](Val x) -> Val {
    return x.type().isInteger(64) ? x : Val{&e, arith::ExtSIOp::create(e.b, e.i64(), x)};
  };
  const Val place = rowPlaces(batch, i[0])[capture];
  auto [from, to] = alongKeys ? j : i;
  Val step = numbers[capture][queryDim() + alongKeys];
  Val start = alongKeys ? place + from * step : place;
  Ptr first = pointers[capture] + start;
  Val one = first.load();
  Vals ends{one, one};
  if (alongRows || alongKeys) {
    Val count = to - from;
    Val eights = alongKeys && lanesOf(capture) == Lanes::next ? count / 8 * 8 : e.index(0);
    Vals both = e.loop(e.index(0), eights, 8, {e.splat(one, 8), e.splat(one, 8)},
                       [&](Val at, const Vals &old) {
                         Val x = (first + at).load(8);
                         return Vals{min(old[0], x), max(old[1], x)};
                       });
    for (int64_t number = 0; number < 8; ++number)
      ends = {min(ends[0], lane(both[0], number)), max(ends[1], lane(both[1], number))};
    ends = e.loop(eights, count, 1, ends, [&](Val at, const Vals &old) {
      Val x = (first + at * step).load();
      return Vals{min(old[0], x), max(old[1], x)};
    });
  }
  if (isTruth)
    return {ends[0] == 1, ends[1] == 1};
  return {wide(ends[0]), wide(ends[1])};
}

} // namespace kerf::codegen::cpu
