#include "compiler/ops/attention.h"
#include "compiler/attention_forms.h"
#include "compiler/attention_simplify.h"
#include "compiler/derivatives/flows.h"
#include "compiler/derivatives/plain.h"
#include "compiler/derivatives/reverse.h"
#include "compiler/ops/attention_vjp.h"
#include "compiler/ops/yield.h"
#include "compiler/oracle/attention.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

LogicalResult AttentionOp::verify() {
  const AttentionParts parts = attentionParts(*this);
  if (failed(verifyParts(parts))) // C1, C2, C4, C6
    return failure();
  SmallVector<int64_t> shape(getQ().getType().getShape().drop_back());
  const auto lse = RankedTensorType::get(shape, parts.sumType());
  shape.push_back(getV().getType().getShape().back());
  return verifyTypes(*this, "result", getResultTypes(), {getQ().getType().clone(shape), lse}); // C3
}

LogicalResult AttentionOp::verifyRegions() {
  return verifyScoreAndMask(attentionParts(*this));
} // C5

/// No region that says nothing, no capture that none reads.
LogicalResult AttentionOp::canonicalize(AttentionOp op, PatternRewriter &rewriter) {
  Region &score = op.getScore(), &mask = op.getMask();
  bool changes = dropMask(op, rewriter);
  if (!score.empty() && yieldsOnlyArgument(score, 0)) {
    rewriter.modifyOpInPlace(op, [&] { rewriter.eraseBlock(&score.front()); });
    changes = true;
  }
  const unsigned indices = op.batchRank() + 2;
  changes |= dropCaptures(op, rewriter, {{&score, 1 + indices}, {&mask, indices}});
  return success(changes);
}

SmallVector<Literal> AttentionOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  const AttentionParts parts = attentionParts(*this);
  AttentionRows rows(parts, operands, evaluation);
  Literal o(getO().getType()), lse(getLse().getType());
  const int64_t width = rows.width();
  auto body = [&](int64_t number, ScoreRow &row) -> LogicalResult {
    const auto [logarithm, shares] = row.softmax();
    lse.floats()[number] = evaluation.round(logarithm, parts.sumType());
    for (int64_t e = 0; e < width; ++e) {
      double total = 0, magnitude = 0;
      for (int64_t j : row.seen) {
        const double term = shares[j] * row.kept[j] * rows.valueAt(row.firstV + j * width)[e];
        total += term, magnitude += std::fabs(term);
      }
      if (logarithm == -INFINITY) // no key
        total = parts.isZeroOfEmpty ? 0 : NAN;
      total = evaluation.round(total, o.type());
      o.floats()[number * width + e] =
          evaluation.disturbed(total, magnitude, rows.keys(), o.type());
    }
    return success();
  };
  return failed(rows.forEach(body)) ? SmallVector<Literal>() : SmallVector<Literal>{o, lse};
}

/// With m the greatest score of a row and e = exp(s - m): o = (e / sum(e)) v, lse = log(sum(e)) +
/// m.
SmallVector<Value> AttentionOp::decompose(OpBuilder &builder) {
  const AttentionParts parts = attentionParts(*this);
  AttentionForms forms(builder, parts);
  const Val s = forms.maskedScores(forms.dots());
  const int64_t keys = s.rank() - 1;
  Val most = s.op("max", s.value, s.type().clone(s.shape().drop_back()), s.ints("axes", keys));
  const Val none = most.constant(-INFINITY);
  if (parts.isZeroOfEmpty) { // e is 0 in an empty row, not NaN
    const auto &semantics = cast<FloatType>(parts.sumType()).getFloatSemantics();
    const Val lowest = most.constant(APFloat::getLargest(semantics, true).convertToDouble());
    most = most.op("maximum", {most, lowest}, most.type());
  }
  most = most.op("stop_gradient", most.value, most.type());
  const Val e = exp(s - forms.alongKeys(most)), total = sum(e, {keys});
  const Val isEmpty =
      parts.isZeroOfEmpty ? compare("eq", total, total.constant(0)) : compare("eq", most, none);
  const Val divisor = parts.isZeroOfEmpty ? select(isEmpty, total.constant(1), total) : total;
  const Val weights = e / forms.alongKeys(divisor);
  const Val o = forms.ofQueries(forms.dropped(weights), parts.v);
  return {cast(o, getO().getType().getElementType()), select(isEmpty, none, log(divisor) + most)};
}

// ---- derivatives
// ---------------------------------------------------------------------------------

/// Into the regions, and by what they yield to both results; values reach o alone.
void AttentionOp::forEachFlow(llvm::function_ref<void(Value, Value)> edge) {
  auto toResults = [&](Value from) {
    edge(from, getO());
    edge(from, getLse());
  };
  for (Value operand : {getQ(), getK()})
    if (getScore().empty())
      toResults(operand);
    else
      edge(operand, getScore().getArgument(0));
  for (Region *region : {&getScore(), &getMask()})
    if (!region->empty()) {
      const auto elements = region->getArguments().take_back(getCaptures().size());
      for (auto [capture, element] : llvm::zip_equal(getCaptures(), elements))
        edge(capture, element);
      toResults(yieldedBy(*region));
    }
  for (Value operand : {Value(getV()), Value(getKey()), Value(getOffset())})
    if (operand)
      edge(operand, getO());
}

namespace {
/// The cotangents of what `score` takes, as a region; those of the captures to which something
/// flows, of `wanted`.
FailureOr<SmallVector<int64_t>> fillScoreVjp(AttentionOp op, Region &region,
                                             ArrayRef<int64_t> wanted, Operation *by) {
  if (op.getScore().empty())
    return SmallVector<int64_t>();
  Block &score = op.getScore().front(), &block = region.emplaceBlock();
  for (BlockArgument argument : score.getArguments())
    block.addArgument(argument.getType(), argument.getLoc());
  const Value dp = block.addArgument(score.getArgument(0).getType(), op.getLoc());
  OpBuilder inside(op.getContext());
  inside.setInsertionPointToEnd(&block);
  Reverse reverse(inside, score, block.getArguments().drop_back(), by);
  const int64_t captures = score.getNumArguments() - op.getCaptures().size();
  SmallVector<Value> seeds = {score.getArgument(0)};
  for (int64_t i : wanted)
    seeds.push_back(score.getArgument(captures + i));
  if (failed(reverse.run(inside, seeds, dp)))
    return failure();
  SmallVector<int64_t> reached;
  const Value ds = reverse.cotangentOf(seeds.front());
  SmallVector<Value> yielded = {ds ? ds : splat(inside, op.getLoc(), dp.getType(), 0)};
  for (auto [i, seed] : llvm::zip_equal(wanted, ArrayRef(seeds).drop_front()))
    if (const Value flow = reverse.cotangentOf(seed)) {
      reached.push_back(i);
      yielded.push_back(flow);
    }
  YieldOp::create(inside, op.getLoc(), yielded);
  for (Operation &inner : llvm::make_early_inc_range(llvm::reverse(block)))
    if (isOpTriviallyDead(&inner))
      inner.erase();
  return reached;
}

/// delta = sum_e g o - the cotangent of lse
Val deltaOf(AttentionOp op, OpBuilder &builder, Value ofO, Value ofLse) {
  const Location location = op.getLoc();
  if (!ofO)
    return -Val(builder, location, ofLse);
  const auto [g, o] = vals(builder, location, ofO, op.getO());
  const Type type = op.getLse().getType().getElementType();
  const Val wide = cast(g, type), product = unlessIdle(wide, wide * cast(o, type));
  const Val delta = sum(product, {product.rank() - 1});
  return ofLse ? delta - Val(builder, location, ofLse) : delta;
}
} // namespace

FailureOr<Derivative> AttentionOp::reverse(OpBuilder &builder, ArrayRef<bool> needed,
                                           ValueRange cotangents, Operation *by) {
  Region scoreVjp;
  SmallVector<int64_t> candidates;
  for (auto [i, capture] : llvm::enumerate(getCaptures()))
    if (needed[3 + i] && isFloat(capture))
      candidates.push_back(i);
  FailureOr<SmallVector<int64_t>> wanted = fillScoreVjp(*this, scoreVjp, candidates, by);
  if (failed(wanted))
    return failure();
  SmallVector<Type> types = {getQ().getType(), getK().getType(), getV().getType()};
  for (int64_t i : *wanted)
    types.push_back(getCaptures()[i].getType());
  const Val delta = deltaOf(*this, builder, cotangents[0], cotangents[1]);
  const Value g = cotangents[0] ? cotangents[0] : splat(builder, getLoc(), getO().getType(), 0);
  auto vjp = AttentionVjpOp::create(builder, getLoc(), types, getQ(), getK(), getV(), getCaptures(),
                                    getKey(), getOffset(), getLse(), delta, g, getScaleAttr(),
                                    getMapsAttr(), getEmptyAttr(), getRateAttr(),
                                    builder.getDenseI64ArrayAttr(*wanted));
  IRMapping copies;
  getScore().cloneInto(&vjp.getScore(), copies);
  getMask().cloneInto(&vjp.getMask(), copies);
  vjp.getScoreVjp().takeBody(scoreVjp);

  Derivative derivative{SmallVector<Value>(getResults()), SmallVector<Value>(getNumOperands())};
  for (unsigned i : {0, 1, 2})
    derivative.flows[i] = needed[i] ? vjp->getResult(i) : Value();
  for (auto [i, flow] : llvm::zip_equal(*wanted, vjp.getDc()))
    derivative.flows[3 + i] = flow;
  return derivative;
}

FailureOr<Derivative> AttentionOp::forward(OpBuilder &builder, ValueRange tangents, Operation *by) {
  return forwardOfPlain(*this, builder, tangents, by);
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/attention.cpp.inc"
