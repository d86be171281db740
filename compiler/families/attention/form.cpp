// The op in place of the root.
#include "compiler/families/attention/attention.h"
#include "compiler/families/attention/body.h"
#include "compiler/val.h"

#include "compiler/ops/attention.h"
#include "compiler/ops/yield.h"

#include "mlir/Analysis/TopologicalSortUtils.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler::attention {

SmallVector<int64_t> Attention::shapeOf(ArrayRef<unsigned> some) const {
  return llvm::map_to_vector(some, [&](unsigned dim) { return frame.extent(dim); });
}

/// x with an axis for each of its dims, in `order`; a dim that it does not have has none.
static Val permuted(Val x, ArrayRef<unsigned> dims, ArrayRef<unsigned> order) {
  SmallVector<int64_t> permutation;
  for (unsigned dim : order)
    if (const auto *found = llvm::find(dims, dim); found != dims.end())
      permutation.push_back(found - dims.begin());
  return llvm::equal(permutation, llvm::seq<int64_t>(0, permutation.size()))
             ? x
             : transpose(x, permutation);
}

Value Attention::shaped(OpBuilder &b, const Term &x, ArrayRef<unsigned> order) {
  const SmallVector<unsigned> dims = placesOf(x);
  return permuted(reshape(Val(b, root->getLoc(), x.value), shapeOf(dims)), dims, order);
}

/// x as [batch, row, features], where it has extent 1 along a dim of the batch that it lacks; full:
/// it is repeated along these.
Value Attention::arranged(OpBuilder &b, const Term &x, std::optional<unsigned> row,
                          ArrayRef<unsigned> features, bool isFull) {
  SmallVector<unsigned> order(batch);
  if (row)
    order.push_back(*row);
  llvm::append_range(order, features);
  Val y(b, root->getLoc(), shaped(b, x, order));
  const SmallVector<unsigned> has = placesOf(x);
  SmallVector<int64_t> shape, full, axes;
  for (unsigned dim : batch) {
    shape.push_back(llvm::is_contained(has, dim) ? frame.extent(dim) : 1);
    full.push_back(frame.extent(dim));
  }
  const int64_t rows = row && llvm::is_contained(has, *row) ? frame.extent(*row) : 1;
  for (auto *list : {&shape, &full})
    list->append({rows, llvm::product_of(shapeOf(features))});
  y = reshape(y, shape);
  if (!isFull || shape == full)
    return y;
  return broadcast(y, full, llvm::to_vector(llvm::seq<int64_t>(0, full.size())));
}

/// x, with an axis for each of `dims`, as `like` has its elements.
Value Attention::placed(OpBuilder &b, Value x, ArrayRef<unsigned> dims, const Term &like) {
  SmallVector<unsigned> order = placesOf(like);
  for (unsigned dim : dims)
    if (!llvm::is_contained(order, dim))
      order.push_back(dim); // of extent 1
  const Val y = permuted(reshape(Val(b, root->getLoc(), x), shapeOf(dims)), dims, order);
  return cast(reshape(y, typeOf(like.value).getShape()), typeOf(like.value).getElementType());
}

/// bf16 or f16 where all operands are, and the result is rounded to it; else f32.
Type Attention::operandElement(ArrayRef<Value> operands) const {
  const Type element = typeOf(operands[0]).getElementType();
  const Value y = root->getResult(0);
  const bool isRounded =
      typeOf(y).getElementType() == element || llvm::all_of(y.getUsers(), [&](Operation *user) {
        return user->getNumResults() == 1 && castedFloat(user->getResult(0)) == y &&
               typeOf(user->getResult(0)).getElementType() == element;
      });
  const bool isOne =
      llvm::all_of(operands, [&](Value x) { return typeOf(x).getElementType() == element; });
  return isOne && isRounded ? element : Type(Float32Type::get(root->getContext()));
}

/// Without what nothing reads; none if it is `nothing`.
static void finish(Region &region, Value result, bool isNothing) {
  if (isNothing) {
    region.getBlocks().clear();
    return;
  }
  OpBuilder b(result.getContext());
  b.setInsertionPointToEnd(&region.front());
  YieldOp::create(b, result.getLoc(), result);
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(region.front())))
    if (isOpTriviallyDead(&op))
      op.erase();
}

static AffineExpr affineOf(const Index &index, ArrayRef<std::optional<unsigned>> dims,
                           MLIRContext *context) {
  AffineExpr sum = getAffineConstantExpr(index.constant, context);
  for (auto [i, dim] : llvm::enumerate(dims))
    if (dim && index.times[*dim] != 0)
      sum = getAffineDimExpr(i, context) * index.times[*dim] + sum;
  return sum;
}

bool Attention::rewrite(OpBuilder &b) {
  MLIRContext *context = b.getContext();
  const Location location = root->getLoc();
  SmallVector<std::optional<unsigned>> dims(batch.begin(), batch.end());
  dims.push_back(query);
  dims.push_back(key);
  Region score, mask;
  auto number = [&](Type element) { return RankedTensorType::get({}, element); };
  const SmallVector<Type> indices(dims.size(), number(b.getI32Type()));
  auto addBlock = [&](Region &region, unsigned others) {
    Block &block = region.emplaceBlock();
    if (others == 1)
      block.addArgument(number(b.getF32Type()), location);
    block.addArguments(indices, SmallVector<Location>(indices.size(), location));
    return &block;
  };
  Block *ofScore = addBlock(score, 1), *ofMask = addBlock(mask, 0);
  Captures captures({ofScore, ofMask}, location);
  Body scoring(*this, captures, ofScore, dims, 1), masking(*this, captures, ofMask, dims, 0);
  const Value s = scoring.score(scores);
  const Value isSeen = s && !seen.empty() ? masking.mask(seen) : Value();
  if (!s || (!seen.empty() && !isSeen))
    return false;
  for (const Term &term : captures.terms())
    if (isBehindProduct(term.value))
      return fail(term.value.getDefiningOp(), "the score takes what is made of other scores",
                  "make a score from its own query and key");
  for (const Term *term : {&queries, &keys, &values})
    if (isBehindProduct(term->value))
      return fail(product, "values are made of scores", "make them of the inputs");
  finish(score, s, s == ofScore->getArgument(0));
  finish(mask, isSeen, seen.empty());

  SmallVector<Value> captured;
  SmallVector<Attribute> maps;
  for (const Term &term : captures.terms()) {
    SmallVector<AffineExpr> results;
    for (const Index &index : term.place)
      results.push_back(affineOf(index, dims, context));
    captured.push_back(term.value);
    maps.push_back(AffineMapAttr::get(AffineMap::get(dims.size(), 0, results, context)));
  }
  SmallVector<Value> operands{arranged(b, queries, query, summed, true),
                              arranged(b, keys, key, summed, false),
                              arranged(b, values, key, features, false)};
  const Type element = operandElement(operands);
  for (Value &x : operands)
    x = cast(Val(b, location, x), element);
  auto shape = llvm::to_vector(typeOf(operands[0]).getShape().drop_back());
  const auto logarithms = RankedTensorType::get(shape, b.getF32Type());
  shape.push_back(typeOf(operands[2]).getShape().back());
  const auto o = RankedTensorType::get(shape, element);
  const bool isZero = isGuarded && (isClamped || !isShifted);
  auto op = AttentionOp::create(
      b, location, o, logarithms, operands[0], operands[1], operands[2], captured,
      draw ? draw.getKey() : Value(), draw ? draw.getOffset() : Value(),
      b.getF64FloatAttr(*scoring.scale()), b.getArrayAttr(maps),
      b.getStringAttr(isZero ? "zero" : "nan"), draw ? b.getF64FloatAttr(rate) : FloatAttr());
  op.getScore().takeBody(score);
  op.getMask().takeBody(mask);
  SmallVector<unsigned> rows(batch);
  if (query)
    rows.push_back(*query);
  for (const Term &term : lse)
    Value(term.value).replaceAllUsesWith(placed(b, op.getLse(), rows, term));
  llvm::append_range(rows, features);
  Val y(b, location, placed(b, op.getO(), rows, {root->getResult(0), rootPlace}));
  constexpr double rounding = 1e-6; // of a factor that is written as f32
  if (std::abs(factor - 1) > rounding)
    y = factor * y;
  root->getResult(0).replaceAllUsesWith(y);
  if (!lse.empty())
    sortTopologically(root->getBlock()); // what reads it may stand before the root
  return true;
}

} // namespace kerf::compiler::attention
