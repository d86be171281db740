// From the scores to the contraction of queries and keys, and to the mask.
#include "compiler/families/attention/attention.h"
#include "compiler/val.h"

#include "compiler/ops/add.h"
#include "compiler/ops/bit_and.h"
#include "compiler/ops/bit_not.h"
#include "compiler/ops/bit_or.h"
#include "compiler/ops/broadcast.h"
#include "compiler/ops/cast.h"
#include "compiler/ops/slice.h"
#include "compiler/ops/sub.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler::attention {

bool Attention::takeScores() {
  findProducts(scores);
  if (!takeProduct() || !takeOperands() || !takeRoles() || !checkTypes())
    return false;
  peelMask(scores);
  return true;
}

/// Every contraction among what the scores are made of, element by element.
void Attention::findProducts(Term term) {
  term = frame.settled(term);
  Operation *op = term.value.getDefiningOp();
  if (!op || !stands.try_emplace(op, Value()).second)
    return;
  if (auto contract = dyn_cast<ContractOp>(op))
    products.push_back({contract, term.place});
  else if (op->hasTrait<Elementwise>())
    for (Value x : op->getOperands())
      findProducts({x, term.place});
  else if (!between && leadsToContraction(op))
    between = op;
}

/// An op among those that make scores of the product, which is none of elements.
bool Attention::failBetween(Operation *op) {
  if (isView(op) || isa<BroadcastOp, SliceOp>(op))
    return fail(op, "a reshape mixes the keys or the queries with other axes",
                "keep the axes of queries and keys whole between the two contractions");
  return fail(op,
              "between the contraction and the softmax stands " + op->getName().getStringRef() +
                  ", which needs more than one score",
              "make a score from its own query and key alone");
}

/// The largest one; one beside it that pairs queries with keys too is one too many.
bool Attention::takeProduct() {
  stands.clear();
  if (products.empty())
    return fail(
        root, "no contraction of queries with keys is among the scores",
        "let element by element lead from it to the softmax: no sort, sum or concatenation");
  auto size = [](std::pair<ContractOp, Place> &found) { return sizeOf(found.first.getY()); };
  auto largest = llvm::max_element(products, [&](auto &a, auto &b) { return size(a) < size(b); });
  product = largest->first;
  productPlace = largest->second;
  for (auto &found : products)
    if (found.first != product && size(found) == size(*largest))
      return fail(found.first, "the scores add two contractions",
                  "put their features side by side, so that one contraction sums them all");
  return true;
}

/// Queries and keys, with dims of their own for what they are contracted over.
bool Attention::takeOperands() {
  const int64_t batches = product.getABatch().size();
  Term a{product.getA(), Place(typeOf(product.getA()).getRank())},
      b{product.getB(), Place(typeOf(product.getB()).getRank())};
  for (auto [x, y] : llvm::zip_equal(product.getAContract(), product.getBContract())) {
    auto dim = frame.add(typeOf(product.getA()).getDimSize(x));
    if (!dim)
      return false;
    summed.push_back(*dim);
    a.place[x] = b.place[y] = Frame::dim(*dim);
  }
  for (int64_t i = 0; i < batches; ++i)
    a.place[product.getABatch()[i]] = b.place[product.getBBatch()[i]] = productPlace[i];
  size_t next = batches;
  for (int64_t axis : otherAxes(a.place.size(), product.getAContract(), product.getABatch()))
    a.place[axis] = productPlace[next++];
  const size_t ofB = next;
  for (int64_t axis : otherAxes(b.place.size(), product.getBContract(), product.getBBatch()))
    b.place[axis] = productPlace[next++];

  for (auto [axis, index] : llvm::enumerate(productPlace)) {
    const int64_t extent = product.getType().getDimSize(axis);
    auto parts = frame.parts(index, extent);
    if (!parts)
      return fail(product, "not every score is used, in its own place",
                  "slice queries and keys before their contraction, not the scores");
    if (!llvm::is_contained(*parts, key))
      continue;
    if (int64_t(axis) < batches)
      return fail(product, "the softmax runs over an axis that queries and keys share",
                  "take it over the keys, an axis that the queries do not have");
    if (parts->size() > 1)
      return fail(product, "the keys are merged with another axis",
                  "keep the keys an axis of their own from the contraction to the values");
    const bool keysFirst = axis < ofB;
    queries = keysFirst ? b : a;
    keys = keysFirst ? a : b;
  }
  if (!queries.value)
    return fail(product, "the contraction has no axis of keys",
                "score every key by its own product with the query");
  queries = repeated(queries, scale);
  keys = repeated(keys, scale);
  values = repeated(values, factor);
  return !needsCut;
}

/// An operand before it was widened, multiplied by numbers, and repeated for groups of queries.
Term Attention::repeated(Term operand, double &factor) {
  auto step = [&](Value x) -> Value {
    if (Multiple multiple = numberMultiple(x); multiple.inner)
      return multiple.inner;
    if (Value inner = castedFloat(x))
      return inner;
    Operation *op = x.getDefiningOp();
    return isView(op) || isa_and_present<BroadcastOp>(op) ? Value(op->getOperand(0)) : Value();
  };
  auto needed = [&](const Term &term) { // is no axis of heads or groups
    SmallVector<unsigned> dims = placesOf(term);
    llvm::erase_if(dims, [&](unsigned dim) {
      return dim != key && !llvm::is_contained(features, dim) && !llvm::is_contained(summed, dim);
    });
    return dims;
  };
  Value last; // behind which nothing is but views
  for (Value x = operand.value; x; x = step(x))
    if (numberMultiple(x).inner || castedFloat(x) || x.getDefiningOp<BroadcastOp>())
      last = x;
  while (last) {
    const Value x = operand.value;
    if (Multiple multiple = numberMultiple(x); multiple.inner) {
      factor *= multiple.factor;
      operand.value = multiple.inner;
    } else if (Value inner = castedFloat(x)) {
      operand.value = inner;
    } else if (auto place = frame.before(x.getDefiningOp(), operand.place)) {
      const Term before{x.getDefiningOp()->getOperand(0), *place};
      if (!llvm::all_of(needed(operand),
                        [&](unsigned dim) { return llvm::is_contained(placesOf(before), dim); }))
        break;
      operand = before;
    } else {
      needsCut |= axesWithCut().has_value();
      break;
    }
    if (x == last)
      break;
  }
  return operand;
}

SmallVector<unsigned> Attention::placesOf(const Term &x) const {
  SmallVector<unsigned> dims;
  for (auto [index, extent] : llvm::zip_equal(x.place, typeOf(x.value).getShape()))
    if (auto parts = frame.parts(index, extent))
      llvm::append_range(dims, *parts);
  return dims;
}

/// Which dim is the queries', and the order of the others.
bool Attention::takeRoles() {
  const SmallVector<unsigned> ofQ = placesOf(queries), ofK = placesOf(keys), ofV = placesOf(values);
  for (unsigned dim : ofQ)
    if (!llvm::is_contained(ofK, dim) && !llvm::is_contained(ofV, dim) &&
        !llvm::is_contained(features, dim) && (!query || frame.extent(dim) > frame.extent(*query)))
      query = dim;
  unsigned rootDims = 0;
  for (const auto &parts : axes)
    rootDims += parts.size();
  auto add = [&](unsigned dim) {
    if (dim < rootDims && dim != query && !llvm::is_contained(features, dim) &&
        !llvm::is_contained(batch, dim))
      batch.push_back(dim);
  };
  if (draw) // it numbers the weights in its own order
    llvm::for_each(placesOf({draw.getY(), drawPlace}), add);
  auto isNotOfQ = [&](unsigned dim) { return !llvm::is_contained(ofQ, dim); };
  for (const auto *others : {&ofK, &ofV})
    for (unsigned dim : llvm::make_filter_range(*others, isNotOfQ))
      add(dim);
  for (unsigned dim = 0; dim < rootDims; ++dim)
    if (isNotOfQ(dim))
      add(dim);
  llvm::for_each(ofQ, add);
  constexpr size_t mostAxes = 8;
  if (batch.size() + 2 > mostAxes)
    return fail(root, "queries have more than 8 axes with heads and groups apart",
                "merge axes of the batch");
  if (!draw)
    return true;
  SmallVector<unsigned> order(batch);
  if (query)
    order.push_back(*query);
  order.push_back(key);
  SmallVector<unsigned> drawn = placesOf({draw.getY(), drawPlace});
  auto isOne = [&](unsigned dim) { return frame.extent(dim) == 1; };
  llvm::erase_if(order, isOne);
  llvm::erase_if(drawn, isOne);
  int64_t weights = 1;
  for (unsigned dim : order)
    weights *= frame.extent(dim);
  if (drawn != order || weights != sizeOf(draw.getY()))
    return fail(draw,
                "the dropout draws in another order than queries, then keys, or less than all",
                "draw one number per weight, with queries and keys as the last two axes");
  return true;
}

bool Attention::checkTypes() {
  for (Value x : {queries.value, keys.value, values.value, scores.value})
    if (typeOf(x).getElementType().isF64())
      return fail(root, "it is of f64, for which there is no kernel",
                  "compute it in f32; sums of bf16 and f16 are in f32, too");
  return true;
}

// ---- the mask ----------------------------------------------------------------------------------

static bool isMinusInfinity(Value x) {
  auto number = numberOf(x);
  return number && std::isinf(*number) && *number < 0;
}

/// select(c, number, -inf), or the other way round, added to scores.
bool Attention::isMask(Term term) {
  term = frame.settled(term);
  auto select = term.value.getDefiningOp<SelectOp>();
  if (!select || isBehindProduct(select))
    return false;
  const bool holds = isMinusInfinity(select.getB());
  const Value kept = select->getOperand(holds ? 1 : 2);
  const auto number = numberOf(kept);
  if ((!holds && !isMinusInfinity(select.getA())) || !number || !std::isfinite(*number))
    return false;
  stands[select] = kept;
  addSeen({{select.getC(), term.place}, holds});
  return true;
}

/// Is it the 0 of such a mask?
bool Attention::isNothing(Value x, const Place &place) {
  Value stand = stands.lookup(frame.settled({x, place}).value.getDefiningOp());
  return stand && numberOf(stand) == 0.;
}

/// What is -inf by a choice is not seen; the score is what it would be otherwise.
void Attention::peelMask(Term term) {
  while (true) {
    term = plain(term);
    Operation *op = term.value.getDefiningOp();
    auto select = dyn_cast_if_present<SelectOp>(op);
    if (select && !isBehindProduct(select.getC()) &&
        (isMinusInfinity(select.getA()) || isMinusInfinity(select.getB()))) {
      const bool holds = isMinusInfinity(select.getB());
      term.value = select->getOperand(holds ? 1 : 2);
      stands[op] = term.value;
      addSeen({{select.getC(), term.place}, holds});
    } else if (Multiple multiple = numberMultiple(term.value);
               multiple.inner && multiple.factor > 0) {
      term.value = multiple.inner;
    } else if (isa_and_present<AddOp, SubOp>(op)) {
      const bool first = isBehindProduct(op->getOperand(0)),
                 second = isBehindProduct(op->getOperand(1));
      if (first == second || (second && isa<SubOp>(op)))
        return;
      if (isa<AddOp>(op))
        isMask({op->getOperand(first ? 1 : 0), term.place});
      term.value = op->getOperand(first ? 0 : 1);
    } else {
      return;
    }
  }
}

/// All that must hold, apart.
void Attention::addSeen(const Seen &added) {
  const Term condition = frame.settled(added.condition);
  Operation *op = condition.value.getDefiningOp();
  if (auto no = dyn_cast_if_present<BitNotOp>(op))
    return addSeen({{no.getX(), condition.place}, !added.holds});
  if (added.holds ? isa_and_present<BitAndOp>(op) : isa_and_present<BitOrOp>(op)) {
    addSeen({{op->getOperand(0), condition.place}, added.holds});
    return addSeen({{op->getOperand(1), condition.place}, added.holds});
  }
  seen.push_back({condition, added.holds});
}

} // namespace kerf::compiler::attention
