#include "compiler/families/vq/scores.h"
#include "compiler/families/vq/squared_length.h"

#include "compiler/ops/add.h"
#include "compiler/ops/maximum.h"
#include "compiler/ops/mul.h"
#include "compiler/ops/reshape.h"
#include "compiler/ops/sqrt.h"
#include "compiler/ops/sub.h"
#include "compiler/ops/transpose.h"

using namespace mlir;

namespace kerf::compiler::vq {

bool Scores::match() {
  Value v = root.getX();
  int64_t axis = root.getAxis();
  if (!peel(v, axis))
    return false;
  places = llvm::to_vector(llvm::seq<int64_t>(0, typeOf(v).getRank()));
  codesPlace = axis;
  numPeeled = path.size();
  return split(v, scale, axis) && checkTerms() && checkUsers();
}
bool Scores::fail(Operation *where, const Twine &reason, const Twine &edit) {
  misfit_ = {where->getLoc(), reason.str(), edit.str()};
  return false;
}
bool Scores::isFull(Value v) const { return sizeOf(v) == sizeOf(ArgminOp(root).getX()); }
void Scores::pass(Operation *op) {
  if (isFull(op->getResult(0)))
    inside.insert(op);
}

/// Steps under which the least stays the least: sqrt, a clamp at 0, views, positive factors.
bool Scores::peel(Value &v, int64_t &axis) {
  while (Operation *op = v.getDefiningOp()) {
    auto maximum = dyn_cast<MaximumOp>(op);
    if (isa<SqrtOp>(op)) {
      needsDistance = op;
    } else if (maximum && (splatNumber(maximum.getA()) || splatNumber(maximum.getB()))) {
      const bool first = splatNumber(maximum.getA()).has_value();
      const double floor = *splatNumber(first ? maximum.getA() : maximum.getB());
      if (floor > 0)
        return fail(op, "distances below " + Twine(std::to_string(floor)) + " are made equal",
                    "clamp at 0, or not at all: the nearest code does not need it");
      needsDistance = op;
      pass(op);
      v = first ? maximum.getB() : maximum.getA();
      continue;
    } else if (Multiple multiple = multipleOf(v); multiple.inner) {
      if (multiple.factor <= 0 && needsDistance)
        return fail(op, "the root or clamp is taken of a negative multiple",
                    "take the argmin of the squared distance itself");
      scale *= multiple.factor;
      pass(op);
      v = multiple.inner;
      continue;
    } else if (auto before = axisBefore(op, axis)) {
      path.push_back({op, *before, axis});
      axis = *before;
    } else {
      return true;
    }
    pass(op);
    v = op->getOperand(0);
  }
  return true;
}

bool Scores::split(Value v, double factor, int64_t axis) {
  v = outside(v);
  Operation *op = v.getDefiningOp();
  if (splatNumber(v))
    return rows.push_back({v, factor, {}}), true;
  if (!op)
    return fail(root, "a term of the scores is an argument of the entry",
                "compute the scores from the rows and the codebook in the entry");
  pass(op);
  if (Multiple multiple = multipleOf(v); multiple.inner)
    return split(multiple.inner, factor * multiple.factor, axis);
  if (isa<AddOp, SubOp>(op))
    return split(op->getOperand(0), factor, axis) &&
           split(op->getOperand(1), isa<SubOp>(op) ? -factor : factor, axis);
  if (auto broadcast = dyn_cast<BroadcastOp>(op))
    return splitBroadcast(broadcast, factor, axis);
  if (isView(op)) {
    auto before = axisBefore(op, axis);
    if (!before)
      return fail(op, "a reshape mixes the codes with other axes",
                  "take the argmin over an axis that holds all codes and nothing else");
    const SmallVector<int64_t> here = places;
    places.assign(typeOf(op->getOperand(0)).getRank(), nowhere);
    for (auto [i, place] : llvm::enumerate(here))
      if (auto from = axisBefore(op, i))
        places[*from] = place;
    path.push_back({op, *before, axis});
    const bool done = split(op->getOperand(0), factor, *before);
    path.pop_back();
    places = here;
    return done;
  }
  auto contract = dyn_cast<ContractOp>(op);
  if (contract && axis >= int64_t(contract.getABatch().size()))
    return takeContraction(contract, factor, axis);
  if (auto sum = dyn_cast<SumOp>(op))
    if (auto mul = sum.getX().getDefiningOp<MulOp>())
      if (mul.getA() == mul.getB() && mul.getA().getDefiningOp<SubOp>())
        return takeDifference(sum, factor, axis);
  if (sizeOf(v) == typeOf(v).getDimSize(axis) ||
      squaredLengths(v, llvm::to_vector(llvm::seq<int64_t>(0, typeOf(v).getRank()))))
    return lengths.push_back({v, factor, places}), true;
  if (std::optional<Noise> found = noiseOf(v))
    return takeNoise(*found, factor, axis);
  return fail(op,
              "between the contraction and the argmin stands " +
                  Twine(op->getName().getStringRef()) + ", of which the order is not known",
              "take the argmin of sum(e * e) - 2 * z.e itself");
}

bool Scores::splitBroadcast(BroadcastOp op, double factor, int64_t axis) {
  const auto *found = llvm::find(op.getDims(), axis);
  const int64_t before = found - op.getDims().begin();
  const int64_t codes = typeOf(op.getY()).getDimSize(axis);
  if (found == op.getDims().end() || typeOf(op.getX()).getDimSize(before) != codes)
    return rows.push_back({op.getX(), factor, {}}), true;
  if (sizeOf(op.getX()) != codes)
    repeated = op;
  SmallVector<int64_t> ofX;
  for (int64_t axis : op.getDims())
    ofX.push_back(places[axis]);
  lengths.push_back({op.getX(), factor, ofX});
  return true;
}

bool Scores::isBesideRoot(Operation *op) {
  return op->getBlock() == root->getBlock() ||
         fail(op, "the scores are made before the loop that searches them",
              "compute them in the loop, so that they need not exist");
}

bool Scores::takeContraction(ContractOp op, double factor, int64_t axis) {
  if (!isBesideRoot(op))
    return false;
  if (product)
    return fail(op, "the scores add two contractions",
                "put the features side by side, so that one contraction sums them all");
  const int64_t heads = op.getABatch().size();
  const SmallVector<int64_t> a = otherAxes(typeOf(op.getA()).getRank(), op.getAContract(),
                                           op.getABatch()),
                             b = otherAxes(typeOf(op.getB()).getRank(), op.getBContract(),
                                           op.getBBatch());
  const int64_t free = axis - heads;
  const bool codesFirst = free < int64_t(a.size());
  const int64_t codes = codesFirst ? a[free] : b[free - a.size()];
  operands.z = codesFirst ? op.getB() : op.getA();
  operands.codebook = codesFirst ? op.getA() : op.getB();
  ArrayRef<int64_t> zContract = codesFirst ? op.getBContract() : op.getAContract();
  ArrayRef<int64_t> eContract = codesFirst ? op.getAContract() : op.getBContract();
  for (int64_t other : codesFirst ? a : b)
    if (other != codes && typeOf(operands.codebook).getDimSize(other) != 1)
      return fail(op, "the codebook has another axis beside codes and features",
                  "give the contraction a codebook of shape [codes, features]");
  operands.zOrder = llvm::to_vector(codesFirst ? op.getBBatch() : op.getABatch());
  llvm::append_range(operands.zOrder, codesFirst ? b : a);
  operands.rowAxes = operands.zOrder.size();
  llvm::append_range(operands.zOrder, zContract);
  operands.eOrder = llvm::to_vector(codesFirst ? op.getABatch() : op.getBBatch());
  operands.eOrder.push_back(codes);
  for (int64_t other : codesFirst ? a : b)
    if (other != codes)
      operands.eOrder.push_back(other);
  llvm::append_range(operands.eOrder, eContract);
  operands.heads = heads;
  for (int64_t head = 0; head < heads; ++head)
    headPlaces.push_back(places[head]);
  product = op;
  productFactor = factor;
  found = path;
  return true;
}

/// sum((z - e)^2) over features, z and e repeated along codes and rows.
bool Scores::takeDifference(SumOp op, double factor, int64_t axis) {
  if (!isBesideRoot(op))
    return false;
  if (product)
    return fail(op, "the scores add two distances",
                "put the features side by side, so that one distance covers them all");
  auto sub = op.getX().getDefiningOp<MulOp>().getA().getDefiningOp<SubOp>();
  ArrayRef<int64_t> shape = typeOf(sub.getY()).getShape();
  const SmallVector<int64_t> kept = otherAxes(shape.size(), op.getAxes());
  const int64_t codes = kept[axis];
  auto variesAlong = [&](Value x, int64_t axis) {
    auto broadcast = x.getDefiningOp<BroadcastOp>();
    if (!broadcast)
      return true;
    const auto *found = llvm::find(broadcast.getDims(), axis);
    return found != broadcast.getDims().end() &&
           typeOf(broadcast.getX()).getDimSize(found - broadcast.getDims().begin()) == shape[axis];
  };
  const bool codesFirst = variesAlong(sub.getA(), codes);
  Value z = codesFirst ? sub.getB() : sub.getA(), e = codesFirst ? sub.getA() : sub.getB();
  if (variesAlong(z, codes) || !variesAlong(e, codes))
    return fail(sub, "both sides of the difference vary with the code",
                "subtract codes [1, codes, features] from rows [rows, 1, features]");
  /// The axes of x's source in the order of `axes`, without those of extent 1 that it has not.
  auto order = [&](Value x, ArrayRef<int64_t> axes, SmallVector<int64_t> &result) {
    auto broadcast = x.getDefiningOp<BroadcastOp>();
    SmallVector<bool> taken(typeOf(broadcast ? broadcast.getX() : x).getRank(), false);
    for (int64_t axis : axes) {
      if (shape[axis] == 1 && broadcast && !llvm::is_contained(broadcast.getDims(), axis))
        continue;
      if (!variesAlong(x, axis))
        return false;
      result.push_back(
          broadcast ? llvm::find(broadcast.getDims(), axis) - broadcast.getDims().begin() : axis);
      taken[result.back()] = true;
    }
    for (auto [i, isTaken] : llvm::enumerate(taken)) // extents of 1: their place is no matter
      if (!isTaken)
        result.push_back(i);
    return true;
  };
  SmallVector<int64_t> zAxes(kept), eAxes{codes};
  llvm::erase(zAxes, codes);
  for (int64_t row : zAxes)
    if (shape[row] != 1 && variesAlong(e, row))
      return fail(sub, "the codebook varies with the row", "use one codebook for all rows");
  llvm::append_range(zAxes, op.getAxes());
  llvm::append_range(eAxes, op.getAxes());
  if (!order(z, zAxes, operands.zOrder) || !order(e, eAxes, operands.eOrder))
    return fail(sub, "rows or codes are repeated along features or rows",
                "give rows and codes all their features");
  auto source = [](Value x) {
    auto broadcast = x.getDefiningOp<BroadcastOp>();
    return broadcast ? broadcast.getX() : x;
  };
  operands.z = source(z);
  operands.codebook = source(e);
  pass(sub);
  product = op;
  isDifference = true;
  productFactor = factor;
  found = path;
  return true;
}

bool Scores::checkTerms() {
  if (!product && repeated)
    return fail(repeated, "scores are repeated along rows",
                "take the argmin first and repeat the codes that it gives");
  if (!product)
    return fail(root, "no contraction of rows with codes is among the scores",
                "score by sum(e * e) - 2 * z.e");
  if (isDifference) {
    if (!lengths.empty())
      return fail(lengths[0].value.getDefiningOp(),
                  "a term that varies with the code is added to the distance",
                  "drop the term, or add a feature for it to rows and codes");
    if (productFactor <= 0)
      return fail(product, "it takes the farthest code",
                  "take the argmin of the distance, not of its negative");
    return !noise || checkNoise();
  }
  SmallVector<int64_t> ofCodebook, inScores;
  for (int64_t head = 0; head < operands.heads; ++head)
    if (typeOf(operands.codebook).getDimSize(operands.eOrder[head]) != 1) {
      ofCodebook.push_back(operands.eOrder[head]);
      inScores.push_back(headPlaces[head]);
    }
  ofCodebook.push_back(operands.eOrder[operands.heads]);
  inScores.push_back(codesPlace);
  const Traced codebook = trace(operands.codebook, ofCodebook);
  for (const Term &term : lengths) {
    Operation *op = term.value.getDefiningOp() ? term.value.getDefiningOp() : product;
    SmallVector<int64_t> axes;
    for (int64_t place : inScores)
      if (const auto *found = llvm::find(term.places, place); found != term.places.end())
        axes.push_back(found - term.places.begin());
    if (axes.size() != inScores.size())
      return fail(op, "|e|^2 is not told apart by the heads of the contraction",
                  "sum e * e over the features alone, one length per head and code");
    std::optional<Traced> squares = squaredLengths(term.value, axes);
    if (!squares)
      return fail(op, "a term that varies with the code is not |e|^2",
                  "write it as sum(e * e) over the features, e being the codebook of the "
                  "contraction; other terms have no fused form");
    if (squares->root == codebook.root && squares->axes != codebook.axes &&
        squares->axes.back() == codebook.axes.back())
      return fail(op, "|e|^2 of one head stands beside the rows of another",
                  "keep the heads of |e|^2 in the order of the contraction's");
    if (squares->root == codebook.root && squares->axes != codebook.axes)
      return fail(op, "|e|^2 is summed over codes, not over features",
                  "sum e * e over the axes that the contraction sums");
    if (squares->root != codebook.root)
      return fail(op, "|e|^2 is taken of another tensor than the codebook of the contraction",
                  "use one tensor as the codebook in both terms");
    lengthFactor += term.factor * squares->factor;
  }
  // In multiples of the codebook of the contraction, which may be a multiple from outside.
  const double scale = codebook.factor / factorOf(operands.codebook);
  lengthFactor /= scale * scale;
  if (lengthFactor < 0)
    return fail(product, "it takes the farthest code",
                "take the argmin of the distance, not of its negative");
  if (noise)
    return checkNoise();
  return !needsDistance || checkDistance();
}

/// A row's term without factors, and without the axes of extent 1 that keep its place.
static std::pair<Value, double> asColumn(Value x) {
  double factor = 1;
  while (true) {
    x = outside(x);
    if (Multiple multiple = multipleOf(x); multiple.inner) {
      x = multiple.inner;
      factor *= multiple.factor;
      continue;
    }
    auto reshape = x.getDefiningOp<ReshapeOp>();
    auto broadcast = x.getDefiningOp<BroadcastOp>();
    if (reshape)
      x = reshape.getX();
    else if (broadcast && sizeOf(broadcast.getX()) == sizeOf(x))
      x = broadcast.getX();
    else
      return {x, factor};
  }
}

/// The root and the clamp need |z|^2 + |e|^2 - 2 z.e itself, which is nowhere negative.
bool Scores::checkDistance() {
  auto why = "the root or clamp is of scores without |z|^2, which may be negative";
  const double e = lengthFactor, ze = productFactor * factorOf(operands.codebook);
  double zz = 0;
  for (const Term &term : rows) {
    if (auto constant = splatNumber(term.value)) {
      if (*constant * term.factor < 0)
        return fail(needsDistance, why, "drop it: the nearest code does not change");
      continue;
    }
    auto [source, factor] = asColumn(term.value);
    auto sum = source.getDefiningOp<SumOp>();
    auto mul = sum ? sum.getX().getDefiningOp<MulOp>() : MulOp();
    auto plain = [](Value x) {
      double factor = 1;
      x = outside(x);
      for (Multiple m = multipleOf(x); m.inner; m = multipleOf(x))
        x = outside(m.inner), factor *= m.factor;
      return std::pair(x, factor);
    };
    auto [z, zFactor] = plain(operands.z);
    SmallVector<int64_t> features(ArrayRef(operands.zOrder).drop_front(operands.rowAxes));
    llvm::sort(features);
    if (mul && plain(mul.getA()).first == z && plain(mul.getB()).first == z &&
        sum.getAxes() == ArrayRef(features)) {
      // In multiples of what z is a multiple of, as is the contraction's factor.
      zz += term.factor * factor * plain(mul.getA()).second * plain(mul.getB()).second /
            (zFactor * zFactor);
    }
  }
  // (a z - b e)^2: the factors of squares are a^2 and b^2, that of the product is -2 a b.
  if (zz <= 0 || e <= 0 || std::abs(ze * ze - 4 * zz * e) > 1e-6 * ze * ze)
    return fail(needsDistance, why, "drop it: the nearest code does not change");
  return true;
}

/// Is the product among what `op` is made of?
bool Scores::isScored(Operation *op) const {
  return op == product || llvm::any_of(op->getOperands(), [&](Value operand) {
           Operation *before = operand.getDefiningOp();
           return before && inside.contains(before) && isScored(before);
         });
}

/// Scores that something else reads must exist, so nothing is gained. What is only repeated along
/// rows or codes, |e|^2 above all, may serve another search too: this one will not read it.
bool Scores::checkUsers() {
  for (Operation *op : inside)
    for (Operation *user : op->getUsers())
      if (user != root && !inside.contains(user) && user != product && isScored(op))
        return fail(user, "the scores have a second user, so they must exist",
                    "compute what this line needs from the chosen codes");
  return true;
}

/// x with its axes in `order`, in this shape.
static Val arranged(Val x, ArrayRef<int64_t> order, ArrayRef<int64_t> shape) {
  if (!llvm::equal(order, llvm::seq<int64_t>(0, order.size())))
    x = transpose(x, order);
  return reshape(x, shape);
}

Value Scores::rewrite(OpBuilder &b) {
  const Location location = root.getLoc();
  const bool isL2 = isDifference || lengthFactor > 0;
  Value z = operands.z, e = operands.codebook;
  double scale = 1; // of z
  if (!isDifference) {
    const double eFactor = factorOf(e), zFactor = factorOf(z);
    // lengthFactor |e|^2 + productFactor eFactor z.e
    scale = isL2 ? -productFactor * eFactor / (2 * lengthFactor) : -productFactor * eFactor;
    e = unscaled(b, e);
    const bool anyScale = !isL2 && !noise; // the order of products is that of their multiples
    if (anyScale || scale * zFactor == 1) {
      z = unscaled(b, z);
      scale = anyScale && scale * zFactor < 0 ? -1 : 1;
    }
  }
  auto size = [](Value x, int64_t axis) { return typeOf(x).getDimSize(axis); };
  SmallVector<int64_t> eShape;
  int64_t heads = 1;
  for (int64_t head : ArrayRef(operands.eOrder).take_front(operands.heads)) {
    eShape.push_back(size(e, head));
    heads *= eShape.back();
  }
  if (heads == 1) // of extent 1: rows like others
    eShape.clear();
  const int64_t codes = size(e, operands.eOrder[operands.heads]);
  const int64_t features = sizeOf(e) / std::max<int64_t>(heads * codes, 1);
  eShape.append({codes, features});
  // The codes as the product's result has them, without its axis of codes.
  const int64_t codeAxis = found.empty() ? root.getAxis() : found.back().from;
  SmallVector<int64_t> shape = without(typeOf(product->getResult(0)).getShape(), {codeAxis});
  SmallVector<int64_t> zShape(shape);
  zShape.push_back(features);

  Val rows = arranged(Val(b, location, z), operands.zOrder, zShape);
  if (scale != 1)
    rows = scale == -1 ? -rows : scale * rows;
  Val codebook = arranged(Val(b, location, e), operands.eOrder, eShape);
  const auto type = RankedTensorType::get(shape, b.getI64Type());
  const NamedAttribute metric = rows.string("metric", isL2 ? "l2" : "dot");
  auto drawn = [&] {
    const Val t = temperature(b, isDifference ? productFactor : isL2 ? lengthFactor : 1);
    return rows.op("vq_sampled", {rows, codebook, noise->draw.getKey(), noise->draw.getOffset(), t},
                   type, {metric, b.getNamedAttr("least", b.getF64FloatAttr(noise->least))});
  };
  Val y = noise ? drawn() : rows.op("vq", {rows, codebook}, type, metric);
  for (const View &view : llvm::reverse(found)) {
    if (auto transposed = dyn_cast<TransposeOp>(view.op)) {
      SmallVector<int64_t> permutation;
      for (auto [to, from] : llvm::enumerate(transposed.getPermutation()))
        if (int64_t(to) != view.to)
          permutation.push_back(from > view.from ? from - 1 : from);
      y = transpose(y, permutation);
    } else {
      y = reshape(y, without(typeOf(view.op->getResult(0)).getShape(), {view.to}));
    }
  }
  return y;
}

} // namespace kerf::compiler::vq
