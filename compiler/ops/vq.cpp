#include "compiler/ops/vq.h"
#include "least.h"

using namespace mlir;

namespace kerf {

LogicalResult VqOp::verify() {
  return verifyRule(
      *this, rule::vq(shapeOf(getZ().getType()), shapeOf(getCodebook().getType()))); // C1, C2, C3
}

/// The codebook as scores use it, rounded where the separate ops round.
namespace {
struct Codes {
  std::vector<double> rows, bias; ///< score = bias - scale * row . z
  double scale;

  Codes(StringRef metric, const Literal &codebook, const Evaluation &evaluation)
      : rows(codebook.floats()), bias(codebook.shape()[0], 0), scale(metric == "l2" ? 2 : 1) {
    const int64_t d = codebook.shape()[1];
    const Type type = codebook.type().getElementType();
    for (int64_t k = 0; k < codebook.shape()[0]; ++k) {
      MutableArrayRef<double> row(&rows[k * d], d);
      double square = 0;
      for (double x : row)
        square += evaluation.round(x * x, type);
      square = evaluation.round(square, type);
      if (metric == "l2")
        bias[k] = square;
      if (metric == "cosine") {
        const double length = std::max(evaluation.round(std::sqrt(square), type), 1e-12);
        for (double &x : row)
          x = evaluation.round(x / (std::isnan(square) ? square : length), type);
      }
    }
  }
};
} // namespace

SmallVector<Literal> VqOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  const Literal &z = operands[0];
  const int64_t count = operands[1].shape()[0], d = operands[1].shape()[1];
  const Type type = z.type().getElementType();
  const Codes codes(getMetric(), operands[1], evaluation);
  std::optional<Literal> forced;
  if (evaluation.forced)
    forced = evaluation.forced(*this);
  Literal y(getType());
  std::vector<double> scores(count);
  forEachIndex(y.shape(), [&](ArrayRef<int64_t> index, int64_t i) {
    for (int64_t k = 0; k < count; ++k) {
      double dot = 0;
      for (int64_t p = 0; p < d; ++p)
        dot += z.floats()[i * d + p] * codes.rows[k * d + p];
      scores[k] = evaluation.round(codes.bias[k] - codes.scale * evaluation.round(dot, type), type);
    }
    y.ints()[i] = choose(*this, evaluation, index, Row<double>{scores.data(), count, 1},
                         forced ? &forced->ints()[i] : nullptr);
  });
  return {y};
}

/// argmin(|e|^2 - 2 z.e), argmin(-z.e) or argmin(-z.(e / max(|e|, 1e-12)))
SmallVector<Value> VqOp::decompose(OpBuilder &builder) {
  auto [z, e] = vals(builder, getLoc(), getZ(), getCodebook());
  const int64_t last = z.rank() - 1, codes = e.shape()[0];
  auto squares = [&] { return sum(e * e, {1}); };
  auto dot = [&](Val z, Val e) { return contract(z, e, {}, {}, {last}, {1}); };
  auto scores = [&]() -> Val {
    if (getMetric() == "dot")
      return -dot(z, e);
    if (getMetric() == "cosine") {
      const Val root = sqrt(squares());
      const Val length = root.op("maximum", {root, root.constant(1e-12)}, root.type());
      return -dot(z, e / broadcast(length, e.shape(), {0}));
    }
    SmallVector<int64_t> shape(z.shape().drop_back());
    shape.push_back(codes);
    return broadcast(squares(), shape, {last}) - dot(2.0 * z, e);
  };
  const Val s = scores();
  return {s.op("argmin", s.value, getType(), s.i64("axis", last))};
}

} // namespace kerf

#define GET_OP_CLASSES
#include "compiler/ops/vq.cpp.inc"
