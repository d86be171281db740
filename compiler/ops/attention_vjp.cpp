#include "compiler/ops/attention_vjp.h"
#include "compiler/attention_forms.h"
#include "compiler/attention_simplify.h"
#include "compiler/derivatives/flows.h"
#include "compiler/derivatives/plain.h"
#include "compiler/oracle/attention.h"
#include "compiler/oracle/dense.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

static SmallVector<Type> wantedTypes(AttentionVjpOp op) {
  return llvm::map_to_vector(op.getWanted(),
                             [&](int64_t i) { return op.getCaptures()[i].getType(); });
}

LogicalResult AttentionVjpOp::verify() {
  const AttentionParts parts = attentionParts(*this);
  if (failed(verifyParts(parts))) // C1
    return failure();
  SmallVector<int64_t> shape(getQ().getType().getShape().drop_back());
  const auto rows = RankedTensorType::get(shape, parts.sumType());
  shape.push_back(getV().getType().getShape().back());
  if (failed(verifyTypes(*this, "cotangent",
                         {getLse().getType(), getDelta().getType(), getG().getType()},
                         {rows, rows, getQ().getType().clone(shape)}))) // C2
    return failure();
  const int64_t captures = getCaptures().size();
  int64_t last = -1;
  for (int64_t i : getWanted()) {
    if (i <= last || i >= captures || !isFloat(getCaptures()[i]))
      return emitOpError("wanted = [")
             << getWanted() << "] are not the numbers of captures of floats, ascending, of "
             << captures; // C3
    last = i;
  }
  SmallVector<Type> types = {getQ().getType(), getK().getType(), getV().getType()};
  llvm::append_range(types, wantedTypes(*this));
  return verifyTypes(*this, "result", getResultTypes(), types); // C4
}

LogicalResult AttentionVjpOp::verifyRegions() {
  const AttentionParts parts = attentionParts(*this);
  if (failed(verifyScoreAndMask(parts))) // C1
    return failure();
  if (getScore().empty() != getScoreVjp().empty())
    return emitOpError("score_vjp is empty where score is, and only there"); // C5
  SmallVector<Type> arguments = scoreArguments(parts);
  arguments.push_back(arguments.front());
  SmallVector<Type> yielded = {arguments.front()};
  for (Type type : wantedTypes(*this))
    yielded.push_back(RankedTensorType::get({}, getElementTypeOrSelf(type)));
  return verifyScalarRegion(*this, "score_vjp", getScoreVjp(), arguments, yielded);
}

// ---- canonicalize ----------------------------------------------------------------------------

/// Cotangents of captures that have no use go away. Is the op gone, for one that has less?
static bool dropUnused(AttentionVjpOp op, RewriterBase &rewriter) {
  SmallVector<int64_t> wanted;
  SmallVector<Value> results(op.getResults().take_front(3));
  llvm::BitVector dropped(op.getNumResults() - 2); // of what score_vjp yields
  for (auto [n, i, dc] : llvm::enumerate(op.getWanted(), op.getDc()))
    if (dc.use_empty()) {
      dropped.set(1 + n);
    } else {
      wanted.push_back(i);
      results.push_back(dc);
    }
  if (dropped.none())
    return false;
  if (Region &scoreVjp = op.getScoreVjp(); !scoreVjp.empty()) {
    Operation *yield = scoreVjp.front().getTerminator();
    rewriter.modifyOpInPlace(yield, [&] { yield->eraseOperands(dropped); });
  }
  OperationState state(op.getLoc(), op->getName(), op->getOperands(),
                       ValueRange(results).getTypes(), op->getAttrs());
  state.attributes.set(op.getWantedAttrName(), rewriter.getDenseI64ArrayAttr(wanted));
  for (Region &region : op->getRegions())
    state.addRegion()->takeBody(region);
  Operation *less = rewriter.create(state);
  for (auto [from, to] : llvm::zip_equal(results, less->getResults()))
    rewriter.replaceAllUsesWith(from, to);
  rewriter.eraseOp(op);
  return true;
}

/// No cotangent without a use, no region that says nothing, no capture that none reads.
LogicalResult AttentionVjpOp::canonicalize(AttentionVjpOp op, PatternRewriter &rewriter) {
  if (dropUnused(op, rewriter))
    return success();
  Region &score = op.getScore(), &mask = op.getMask(), &scoreVjp = op.getScoreVjp();
  bool changes = dropMask(op, rewriter);
  if (!score.empty() && yieldsOnlyArgument(score, 0) &&
      yieldsOnlyArgument(scoreVjp, scoreVjp.getNumArguments() - 1)) {
    rewriter.modifyOpInPlace(op, [&] {
      rewriter.eraseBlock(&score.front());
      rewriter.eraseBlock(&scoreVjp.front());
    });
    changes = true;
  }
  const unsigned indices = op.batchRank() + 2;
  SmallVector<int64_t> wanted(op.getWanted());
  if (dropCaptures(op, rewriter,
                   {{&score, 1 + indices}, {&mask, indices}, {&scoreVjp, 1 + indices}}, wanted)) {
    rewriter.modifyOpInPlace(op, [&] { op.setWanted(wanted); });
    changes = true;
  }
  return success(changes);
}

// ---- evaluate --------------------------------------------------------------------------------

namespace {
/// Adds to the cotangents of the operands what each row gives.
class Cotangents {
public:
  Cotangents(AttentionVjpOp op, const AttentionParts &parts, ArrayRef<Literal> operands,
             Evaluation &evaluation)
      : parts(parts), rows(parts, operands, evaluation), lse(operands.drop_back(2).back()),
        delta(operands.drop_back().back()), g(operands.back()), wanted(op.getWanted()),
        scoreVjp(op.getScoreVjp(), rows.keys()), evaluation(evaluation) {
    for (Type type : op->getResultTypes())
      results.push_back(Literal(cast<RankedTensorType>(type)));
  }

  SmallVector<Literal> run() {
    if (failed(rows.forEach([&](int64_t number, ScoreRow &row) { return add(number, row); })))
      return {};
    for (Literal &result : results)
      roundAll(result, evaluation);
    return results;
  }

private:
  LogicalResult add(int64_t number, ScoreRow &row) {
    const int64_t width = rows.width(), features = rows.features();
    const double *gi = g.floats().data() + number * width, logarithm = lse.floats()[number];
    Literal dp(row.s.type());
    for (int64_t j : row.seen) {
      const int64_t at = row.firstV + j * width;
      const double p = logarithm == -INFINITY ? 0 : std::exp(row.score[j] - logarithm);
      double product = 0;
      for (int64_t e = 0; e < width; ++e) {
        product += gi[e] * rows.valueAt(at)[e];
        results[2].floats()[at + e] += row.kept[j] * p * gi[e];
      }
      dp.floats()[j] =
          evaluation.round(p * (row.kept[j] * product - delta.floats()[number]), parts.sumType());
    }
    std::vector<Literal> flows = {dp};
    if (!scoreVjp.isEmpty()) {
      SmallVector<Literal> arguments = {row.s};
      llvm::append_range(arguments, row.given);
      arguments.push_back(dp);
      FailureOr<std::vector<Literal>> made = scoreVjp.run(arguments, evaluation);
      if (failed(made))
        return failure();
      flows = std::move(*made);
    }
    for (int64_t j : row.seen) {
      const double ds = parts.scale * flows[0].floats()[j];
      const int64_t at = row.firstK + j * features;
      for (int64_t e = 0; e < features; ++e) {
        results[0].floats()[number * features + e] += ds * rows.keyAt(at)[e];
        results[1].floats()[at + e] += ds * row.q[e];
      }
      for (auto [n, i] : llvm::enumerate(wanted))
        results[3 + n].floats()[row.places[i][j]] += flows[1 + n].floats()[j];
    }
    return success();
  }

  const AttentionParts &parts;
  AttentionRows rows;
  Literal lse, delta, g;
  ArrayRef<int64_t> wanted;
  ScalarFunction scoreVjp;
  Evaluation &evaluation;
  SmallVector<Literal> results; ///< dq, dk, dv, then those of captures
};
} // namespace

SmallVector<Literal> AttentionVjpOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  return Cotangents(*this, attentionParts(*this), operands, evaluation).run();
}

// ---- decompose -------------------------------------------------------------------------------

/// With p = exp(score - lse), dp = p (dropped(g . v) - delta), and ds and dc what score_vjp makes
/// of dp: dq = scale ds k, dk = scale ds^T q, dv = dropped(p)^T g.
SmallVector<Value> AttentionVjpOp::decompose(OpBuilder &builder) {
  const AttentionParts parts = attentionParts(*this);
  AttentionForms forms(builder, parts);
  const Val s = forms.dots(), score = forms.maskedScores(s);
  auto [lse, delta] = vals(builder, getLoc(), getLse(), getDelta());
  const Val hasNone = compare("eq", lse, lse.constant(-INFINITY));
  const Val finite = select(hasNone, lse.constant(INFINITY), lse); // then p is 0
  const Val p = exp(score - forms.alongKeys(finite));
  const Val product = forms.dropped(forms.ofPairs(getG(), getV()));
  const Val dp = forms.whereSeen(p * (product - forms.alongKeys(delta)), 0);
  const SmallVector<Spread> flows = forms.apply(getScoreVjp(), s, dp);
  auto scaled = [&](Val x) { return parts.scale == 1 ? x : parts.scale * x; };
  auto narrowed = [&](Val x) { return cast(x, getQ().getType().getElementType()).value; };
  const Val ds = flows.empty() ? dp : forms.whole(flows.front());
  SmallVector<Value> results = {narrowed(scaled(forms.ofQueries(ds, getK()))),
                                narrowed(scaled(forms.ofKeys(ds, getQ(), getK()))),
                                narrowed(forms.ofKeys(forms.dropped(p), getG(), getV()))};
  for (auto [flow, i] : llvm::zip(llvm::drop_begin(flows, flows.empty() ? 0 : 1), getWanted()))
    results.push_back(forms.ofCapture(i, forms.whole(flow)));
  return results;
}

// ---- derivatives -----------------------------------------------------------------------------

void AttentionVjpOp::forEachFlow(llvm::function_ref<void(Value, Value)> edge) {
  for (Value operand : getOperands())
    for (Value result : getResults())
      edge(operand, result);
}

FailureOr<Derivative> AttentionVjpOp::reverse(OpBuilder &builder, ArrayRef<bool> needed,
                                              ValueRange cotangents, Operation *by) {
  return reverseOfPlain(*this, builder, needed, cotangents, by);
}

FailureOr<Derivative> AttentionVjpOp::forward(OpBuilder &builder, ValueRange tangents,
                                              Operation *by) {
  return forwardOfPlain(*this, builder, tangents, by);
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/attention_vjp.cpp.inc"
