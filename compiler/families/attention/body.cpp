#include "compiler/families/attention/body.h"
#include "compiler/val.h"

#include "compiler/ops/add.h"
#include "compiler/ops/bit_not.h"
#include "compiler/ops/broadcast.h"
#include "compiler/ops/cast.h"
#include "compiler/ops/iota.h"
#include "compiler/ops/mul.h"
#include "compiler/ops/neg.h"
#include "compiler/ops/slice.h"
#include "compiler/ops/sub.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace kerf::compiler::attention {

/// What an element is held as in a function: narrow floats are widened.
static Type heldElement(Type element) {
  return isa<FloatType>(element) && !element.isF64() ? Float32Type::get(element.getContext())
                                                     : element;
}

unsigned Captures::add(const Term &term) {
  for (auto [i, known] : llvm::enumerate(all))
    if (known.value == term.value && known.place == term.place)
      return i;
  all.push_back(term);
  for (Block *block : blocks)
    block->addArgument(RankedTensorType::get({}, typeOf(term.value).getElementType()), location);
  return all.size() - 1;
}

Body::Body(Attention &attention, Captures &captures, Block *block,
           ArrayRef<std::optional<unsigned>> dims, unsigned first)
    : attention(attention), captures(captures), block(block), b(attention.root->getContext()),
      dims(llvm::to_vector(dims)), first(first) {
  b.setInsertionPointToEnd(block);
}

Value Body::made(Location location, StringRef name, ValueRange operands, Type element,
                 ArrayRef<NamedAttribute> attributes) {
  const Type type = RankedTensorType::get({}, element);
  OperationState state(location, ("kerf." + name).str(), operands, type, attributes);
  Operation *op = b.create(state);
  SmallVector<Value> folded;
  if (failed(b.tryFold(op, folded)) || folded.empty())
    return op->getResult(0);
  op->erase();
  return folded[0];
}

Value Body::number(int64_t number, Type element) {
  auto type = RankedTensorType::get({}, element);
  return arith::ConstantOp::create(b, attention.root->getLoc(),
                                   cast<TypedAttr>(splatOf(type, number)));
}

Value Body::score(const Term &scores) {
  Scalar scalar = make(scores);
  return scalar ? as(scalar, b.getF32Type()) : Value();
}

/// Conditions of places alone first: those that need no data.
Value Body::mask(ArrayRef<Seen> seen) {
  SmallVector<Value> ofPlaces, ofData;
  for (const Seen &one : seen) {
    const bool isOfPlaces = isPure(one.condition.value);
    Scalar scalar = make(one.condition);
    if (!scalar)
      return {};
    Value value = as(scalar, b.getI1Type());
    if (!one.holds)
      value = made(value.getLoc(), "bit_not", value, b.getI1Type());
    auto &list = isOfPlaces ? ofPlaces : ofData;
    if (!llvm::is_contained(list, value))
      list.push_back(value);
  }
  llvm::append_range(ofPlaces, ofData);
  Value all = ofPlaces.front();
  for (Value next : ArrayRef(ofPlaces).drop_front())
    all = made(next.getLoc(), "bit_and", {all, next}, b.getI1Type());
  return all;
}

// ---- elements ----------------------------------------------------------------------------------

Body::Scalar Body::make(const Term &term) {
  if (auto known = done.find({term.value.getAsOpaquePointer(), term.place}); known != done.end())
    return known->second;
  Scalar scalar = makeNew(term);
  done.insert({{term.value.getAsOpaquePointer(), term.place}, scalar});
  return scalar;
}

Body::Scalar Body::makeNew(Term term) {
  if (attention.isBehindProduct(term.value))
    return makeScored(term);
  Frame &frame = attention.frame;
  if (Value stand = attention.stands.lookup(frame.settled(term).value.getDefiningOp()))
    return make({stand, frame.settled(term).place});
  for (Term behind = frame.settled(term);; behind = frame.settled(behind)) {
    term = behind;
    if (!isPure(term.value) || outside(term.value) == term.value)
      break;
    behind.value = outside(term.value); // numbers and places need not be captured
  }
  Attribute value;
  if (matchPattern(term.value, m_Constant(&value)) && cast<ElementsAttr>(value).isSplat())
    return constant(term.value, value);
  Operation *op = term.value.getDefiningOp();
  if (isa_and_present<IotaOp>(op))
    return indexed(term.place[0]);
  if (op && op->hasTrait<Elementwise>() && isInline(op, term.place))
    return makeElement(op, term.place);
  if (Scalar gathered = op ? makeGathered(op, term.place) : Scalar())
    return gathered;
  return capture(term);
}

Body::Scalar Body::makeScored(Term term) {
  if (auto product = makeProduct(term))
    return *product;
  Operation *op = term.value.getDefiningOp();
  if (Value stand = attention.stands.lookup(op))
    return make({stand, term.place});
  if (auto place = attention.frame.before(op, term.place))
    return make({op->getOperand(0), *place});
  if (op->hasTrait<Elementwise>())
    return makeElement(op, term.place);
  attention.failBetween(op);
  return {};
}

/// The product times a number: what it is first multiplied with is the op's to do.
std::optional<Body::Scalar> Body::makeProduct(Term term) {
  double factor = attention.scale;
  while (true) {
    term = attention.plain(term);
    Multiple multiple = numberMultiple(term.value);
    if (!multiple.inner)
      break;
    factor *= multiple.factor;
    term.value = multiple.inner;
  }
  if (term.value.getDefiningOp() != attention.product ||
      !attention.frame.isSame(term.place, attention.productPlace))
    return {};
  if (!scale_)
    scale_ = factor;
  const Value s = block->getArgument(0);
  if (*scale_ == factor)
    return Scalar{s, {}, {}};
  auto ratio = cast<TypedAttr>(splatOf(cast<RankedTensorType>(s.getType()), factor / *scale_));
  const Value other = arith::ConstantOp::create(b, s.getLoc(), ratio);
  return Scalar{made(term.value.getLoc(), "mul", {s, other}, b.getF32Type()), {}, {}};
}

/// One op for its elements, scores first where the order does not matter.
Body::Scalar Body::makeElement(Operation *op, const Place &place) {
  SmallVector<Value> operands(op->getOperands());
  if (op->hasTrait<OpTrait::IsCommutative>() && operands.size() == 2 &&
      !attention.isBehindProduct(operands[0]) && attention.isBehindProduct(operands[1]))
    std::swap(operands[0], operands[1]);
  SmallVector<Scalar> scalars;
  for (Value x : operands) {
    scalars.push_back(make({x, place}));
    if (!scalars.back())
      return {};
  }
  if (isa<AddOp>(op) && attention.isNothing(operands[1], place))
    return scalars[0];
  const Type element = typeOf(op->getResult(0)).getElementType();
  auto isInteger = [](Type type) { return isa<IntegerType>(type); };
  auto of = [](Value x) { return typeOf(x).getElementType(); };
  if (op->getName().getStringRef() == "kerf.compare" && isInteger(of(operands[0])))
    return makeComparison(op, scalars[0], scalars[1]);
  if (isInteger(element) && llvm::all_of(operands, [&](Value x) { return isInteger(of(x)); }))
    return makeIntegers(op, scalars);
  SmallVector<Value> values;
  if (isa<CastOp>(op) && isInteger(of(operands[0]))) {
    values.push_back(held(scalars[0])); // as it is: i32 where that holds it
  } else {
    for (auto [scalar, x] : llvm::zip_equal(scalars, operands))
      values.push_back(as(scalar, heldElement(of(x))));
    if (isa<CastOp>(op) && of(op->getResult(0)) != of(operands[0]) &&
        heldElement(element) == heldElement(of(operands[0])))
      return {values[0], {}, {}};
  }
  return {made(op->getLoc(), op->getName().stripDialect(), values, heldElement(element),
               op->getAttrs()),
          {},
          {}};
}

Body::Scalar Body::constant(Value x, Attribute value) {
  const Type element = typeOf(x).getElementType();
  auto elements = cast<ElementsAttr>(value);
  if (element.isInteger(64) || element.isInteger(32))
    return indexed(Frame::number(elements.getSplatValue<APInt>().getSExtValue()));
  auto type = RankedTensorType::get({}, element);
  Attribute only = cast<DenseElementsAttr>(value).resizeSplat(type);
  if (isa<FloatType>(element) && heldElement(element) != element)
    only = splatOf(type.clone(heldElement(element)),
                   elements.getSplatValue<APFloat>().convertToDouble());
  return {arith::ConstantOp::create(b, x.getLoc(), cast<TypedAttr>(only)), {}, {}};
}

Body::Scalar Body::capture(const Term &term) {
  Operation *op = term.value.getDefiningOp();
  if (isa_and_present<Draw>(op) && isOfBoth(term.place)) {
    fail(op, "numbers are drawn for every score",
         "add them to what queries or keys are made of; noise of all scores is made by blocks of "
         "rows");
    return {};
  }
  const unsigned number = captures.add(term);
  const Value argument =
      block->getArgument(block->getNumArguments() - captures.terms().size() + number);
  const Type element = typeOf(argument).getElementType();
  if (heldElement(element) == element)
    return {argument, {}, {}};
  return {made(term.value.getLoc(), "cast", argument, heldElement(element)), {}, {}};
}

// ---- what is made again for every score --------------------------------------------------------

/// Are queries and keys axes of it, each by itself?
bool Body::isOfBoth(const Place &place) const {
  if (!attention.query)
    return false;
  for (const Index &ofQuery : place)
    for (const Index &ofKey : place)
      if (&ofQuery != &ofKey && ofQuery.times[*attention.query] != 0 &&
          ofKey.times[attention.key] != 0)
        return true;
  return false;
}

/// Is x made of places and numbers alone?
bool Body::isPure(Value x) {
  x = outside(x);
  Operation *op = x.getDefiningOp();
  if (!op)
    return false;
  Attribute value;
  if (isa<IotaOp>(op) ||
      (matchPattern(x, m_Constant(&value)) && cast<ElementsAttr>(value).isSplat()))
    return true;
  if (!op->hasTrait<Elementwise>() && !isView(op) && !isa<BroadcastOp, SliceOp>(op))
    return false;
  auto [known, isNew] = pure.try_emplace(op, false);
  if (!isNew)
    return known->second;
  const bool result = llvm::all_of(op->getOperands(), [&](Value x) { return isPure(x); });
  return pure[op] = result;
}

bool Body::hasIota(Value x) {
  x = outside(x);
  Operation *op = x.getDefiningOp();
  if (!op ||
      (!op->hasTrait<Elementwise>() && !isView(op) && !isa<BroadcastOp, SliceOp, IotaOp>(op)))
    return false;
  auto [known, isNew] = iotas.try_emplace(op, isa<IotaOp>(op));
  if (!isNew)
    return known->second;
  const bool result =
      isa<IotaOp>(op) || llvm::any_of(op->getOperands(), [&](Value x) { return hasIota(x); });
  return iotas[op] = result;
}

/// What has no element per query and key need not be made for each; but truths of places and data
/// are, for then whole blocks of them are known.
bool Body::isInline(Operation *op, const Place &place) {
  if (isOfBoth(place))
    return true;
  const Value x = op->getResult(0);
  if (isa<IntegerType>(typeOf(x).getElementType()))
    return hasIota(x) || isPure(x);
  return isa<AddOp, SubOp, MulOp, NegOp, CastOp>(op) && isPure(x);
}

} // namespace kerf::compiler::attention
