// From the root to the weights and the values.
#include "compiler/families/attention/attention.h"
#include "compiler/val.h"

#include "compiler/ops/broadcast.h"
#include "compiler/ops/cast.h"
#include "compiler/ops/div.h"
#include "compiler/ops/exp.h"
#include "compiler/ops/log_softmax.h"
#include "compiler/ops/mul.h"
#include "compiler/ops/stop_gradient.h"
#include "compiler/ops/straight_through.h"
#include "compiler/ops/sum.h"

using namespace mlir;

namespace kerf::compiler::attention {

Multiple numberMultiple(Value x) {
  return x.getDefiningOp<StopGradientOp>() ? Multiple() : multipleOf(x);
}

std::optional<double> numberOf(Value x) {
  x = outside(x);
  while (auto broadcast = x.getDefiningOp<BroadcastOp>())
    x = outside(broadcast.getX());
  return splatNumber(x);
}

Value castedFloat(Value x) {
  auto cast = x.getDefiningOp<CastOp>();
  const bool isOfFloats = cast && isa<FloatType>(typeOf(cast.getX()).getElementType()) &&
                          isa<FloatType>(typeOf(x).getElementType());
  return isOfFloats ? cast.getX() : Value();
}

Attention::Attention(Operation *root, unsigned side, const Axes &axes)
    : root(root), side(side), axes(axes), misfit_{root->getLoc(), "", ""} {}

bool Attention::fail(Operation *where, const Twine &reason, const Twine &edit) {
  if (misfit_.reason.empty())
    misfit_ = {where->getLoc(), reason.str(), edit.str()};
  return false;
}

bool Attention::match() {
  if (!takeRoot() || !takeWeights(weights) || !takeScores())
    return false;
  findLse();
  return checkReaders();
}

/// The dims of the root's axes, then what it divides.
bool Attention::takeRoot() {
  Place place;
  for (const auto &parts : axes) {
    Index index;
    for (int64_t extent : parts) {
      auto dim = frame.add(extent);
      if (!dim)
        return false;
      index = index * extent + Frame::dim(*dim);
    }
    place.push_back(index);
  }
  rootPlace = place;
  Term term{root->getResult(0), place};
  if (isa<DivOp, MulOp>(root)) {
    divisor = Term{root->getOperand(1), place};
    term.value = root->getOperand(0);
    if (auto mul = dyn_cast<MulOp>(root); mul && !plain(term).value.getDefiningOp<ContractOp>())
      std::swap(divisor->value, term.value);
  }
  if (root != term.value.getDefiningOp() || divisor)
    term = plain(term);
  outer = term.value.getDefiningOp<ContractOp>();
  return outer && takeContraction(term.place);
}

/// What is seen behind views and casts between floats.
Term Attention::plain(Term term) {
  while (true) {
    term = frame.settled(term);
    Value inner = castedFloat(term.value);
    if (!inner)
      return term;
    term.value = inner;
  }
}

bool Attention::takeContraction(const Place &place) {
  const bool first = side == 0;
  ArrayRef<int64_t> wBatch = first ? outer.getABatch() : outer.getBBatch(),
                    vBatch = first ? outer.getBBatch() : outer.getABatch(),
                    wSummed = first ? outer.getAContract() : outer.getBContract(),
                    vSummed = first ? outer.getBContract() : outer.getAContract();
  weights.value = first ? outer.getA() : outer.getB();
  values.value = first ? outer.getB() : outer.getA();
  if (wSummed.size() != 1)
    return fail(outer, "the values are summed over " + Twine(wSummed.size()) + " axes",
                "make one axis of the keys, by a reshape of keys and values");
  const auto dim = frame.add(typeOf(weights.value).getDimSize(wSummed[0]));
  if (!dim)
    return false;
  key = *dim;
  weights.place.resize(typeOf(weights.value).getRank());
  values.place.resize(typeOf(values.value).getRank());
  weights.place[wSummed[0]] = values.place[vSummed[0]] = Frame::dim(key);
  size_t next = 0;
  for (auto [w, v] : llvm::zip_equal(wBatch, vBatch))
    weights.place[w] = values.place[v] = place[next++];
  const auto wFree = otherAxes(weights.place.size(), wSummed, wBatch),
             vFree = otherAxes(values.place.size(), vSummed, vBatch);
  auto takeFree = [&](Place &of, ArrayRef<int64_t> axes) {
    for (int64_t axis : axes)
      of[axis] = place[next++];
  };
  takeFree(first ? weights.place : values.place, first ? wFree : vFree);
  takeFree(first ? values.place : weights.place, first ? vFree : wFree);
  for (int64_t axis : vFree) {
    auto parts = frame.parts(values.place[axis], typeOf(values.value).getDimSize(axis));
    if (!parts)
      return false;
    llvm::append_range(features, *parts);
  }
  return true;
}

std::optional<Axes> Attention::axesWithCut() const {
  const std::optional<Cut> &cut = frame.wantedCut();
  if (!cut)
    return {};
  unsigned first = 0;
  Axes result = axes;
  for (auto &parts : result) {
    if (cut->dim < first + parts.size()) {
      int64_t &extent = parts[cut->dim - first];
      extent /= cut->inner;
      parts.insert(parts.begin() + (cut->dim - first) + 1, cut->inner);
      return result;
    }
    first += parts.size();
  }
  return {}; // of the keys, or of features: they stay whole
}

// ---- who else reads ----------------------------------------------------------------------------

/// Is x made of scores?
bool Attention::isBehindProduct(Value x) const {
  Operation *op = x.getDefiningOp();
  if (!op || !product)
    return false;
  if (op == product)
    return true;
  if (op->getBlock() != product->getBlock() || op->isBeforeInBlock(product))
    return false;
  if (auto known = behind.find(op); known != behind.end())
    return known->second;
  const bool result =
      llvm::any_of(op->getOperands(), [&](Value operand) { return isBehindProduct(operand); });
  return behind[op] = result;
}

/// Is x, or what is made of it element by element, nothing but a result of the region?
bool Attention::leavesOnly(Value x) const {
  return llvm::all_of(x.getUsers(), [&](Operation *user) {
    return user->hasTrait<OpTrait::IsTerminator>() ||
           ((isView(user) || user->hasTrait<Elementwise>()) && leavesOnly(user->getResult(0)));
  });
}

/// Weights that leave are made beside the op. What another op reads runs with it, block by block.
bool Attention::checkReaders() {
  llvm::SetVector<Operation *> inside;
  inside.insert(root);
  for (unsigned i = 0; i < inside.size(); ++i)
    for (Value x : inside[i]->getOperands())
      if (isBehindProduct(x))
        inside.insert(x.getDefiningOp());
  DenseSet<Operation *> results{root};
  for (const Term &term : lse)
    results.insert(term.value.getDefiningOp());
  for (const auto &ops : {inside.getArrayRef(), ofLse.getArrayRef()})
    for (Operation *op : ops)
      for (Operation *user : op->getUsers())
        if (!results.contains(op) && !inside.contains(user) && !ofLse.contains(user) &&
            !user->hasTrait<OpTrait::IsTerminator>() &&
            !((isView(user) || user->hasTrait<Elementwise>()) && leavesOnly(user->getResult(0))))
          return fail(user, "weights or scores are read here too, so they must exist",
                      "compute what this line needs from the result, or return the weights");
  return true;
}

// ---- is it one at all ---------------------------------------------------------------------------

bool leadsToContraction(Operation *op) {
  constexpr unsigned most = 64;
  llvm::SetVector<Operation *> behind;
  behind.insert(op);
  for (unsigned i = 0; i < behind.size() && i < most; ++i) {
    if (isa<ContractOp>(behind[i]))
      return true;
    for (Value x : behind[i]->getOperands())
      if (Operation *maker = x.getDefiningOp(); maker && maker->getNumRegions() == 0)
        behind.insert(maker);
  }
  return false;
}

namespace {
/// What a tensor is made of: exponentials as such, those in sums, and whether one is of a product.
struct Makers {
  DenseSet<Operation *> plain, summed;
  DenseSet<std::pair<Operation *, unsigned>> seen;
  bool hasLogSoftmax = false;

  void collect(Value x, bool isSummed) {
    Operation *op = x.getDefiningOp();
    constexpr unsigned most = 128; // a stream of residuals goes back to the first layer
    if (!op || op->getNumRegions() != 0 || seen.size() > most ||
        !seen.insert({op, isSummed}).second)
      return;
    if (isa<LogSoftmaxOp>(op) && leadsToContraction(op))
      hasLogSoftmax = true;
    if (isa<ExpOp>(op))
      (isSummed ? summed : plain).insert(op);
    if (isa<SumOp>(op))
      return collect(op->getOperand(0), true);
    if (isa<StraightThroughOp>(op))
      return; // the weights are those of one code
    if (op->hasTrait<Elementwise>() || isView(op) || isa<BroadcastOp>(op))
      for (Value operand : op->getOperands())
        collect(operand, isSummed);
  }
};
} // namespace

bool Attention::isCandidate() const {
  if (!weights.value)
    return false;
  Makers makers;
  makers.collect(weights.value, false);
  if (divisor)
    makers.collect(divisor->value, false);
  return makers.hasLogSoftmax || llvm::any_of(makers.plain, [&](Operation *exp) {
           return makers.summed.contains(exp) && leadsToContraction(exp);
         });
}

} // namespace kerf::compiler::attention
