#include "compiler/ops/vq.h"
#include "least.h"
#include "mistake.h"

#include <numeric>

using namespace mlir;

namespace kerf {

LogicalResult VqOp::verify() {
  return verifyRule(
      *this, rule::vq(shapeOf(getZ().getType()), shapeOf(getCodebook().getType()))); // C1, C2, C3
}

static int64_t product(ArrayRef<int64_t> extents) {
  return std::accumulate(extents.begin(), extents.end(), int64_t(1), std::multiplies<>());
}

/// The codebook as scores use it, rounded where the separate ops round.
namespace {
struct Codes {
  std::vector<double> rows, bias; ///< score = bias - scale * row . z
  double scale;

  Codes(StringRef metric, const Literal &codebook, const Evaluation &evaluation)
      : rows(codebook.floats()), bias(product(codebook.shape().drop_back()), 0),
        scale(metric == "l2" ? 2 : 1) {
    const int64_t d = codebook.shape().back();
    const Type type = codebook.type().getElementType();
    for (size_t k = 0; k < bias.size(); ++k) {
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
  const ArrayRef<int64_t> shape = operands[1].shape();
  const int64_t heads = product(shape.drop_back(2)), d = shape.back();
  const int64_t count = shape[shape.size() - 2]; // of one head
  const Type type = z.type().getElementType();
  const Codes codes(getMetric(), operands[1], evaluation);
  std::optional<Literal> forced;
  if (evaluation.forced)
    forced = evaluation.forced(*this);
  Literal y(getType());
  std::vector<double> scores(count);
  forEachIndex(y.shape(), [&](ArrayRef<int64_t> index, int64_t i) {
    const int64_t first = i / (y.size() / heads) * count;
    for (int64_t k = 0; k < count; ++k) {
      double dot = 0;
      for (int64_t p = 0; p < d; ++p)
        dot += z.floats()[i * d + p] * codes.rows[(first + k) * d + p];
      scores[k] =
          evaluation.round(codes.bias[first + k] - codes.scale * evaluation.round(dot, type), type);
    }
    y.ints()[i] = choose(*this, evaluation, index, Row<double>{scores.data(), count, 1},
                         forced ? &forced->ints()[i] : nullptr);
  });
  return {y};
}

/// argmin(|e|^2 - 2 z.e), argmin(-z.e) or argmin(-z.(e / max(|e|, 1e-12)))
SmallVector<Value> VqOp::decompose(OpBuilder &builder) {
  auto [z, e] = vals(builder, getLoc(), getZ(), getCodebook());
  const int64_t last = z.rank() - 1, features = e.rank() - 1, codes = e.shape()[features - 1];
  const auto heads = llvm::to_vector(llvm::seq<int64_t>(0, features - 1)),
             whole = llvm::to_vector(llvm::seq<int64_t>(0, features)); // of |e|
  auto squares = [&] { return sum(mistake("decompose.lost_square") ? e : e * e, {features}); };
  auto dot = [&](Val z, Val e) { return contract(z, e, heads, heads, {last}, {features}); };
  auto scores = [&]() -> Val {
    if (getMetric() == "dot")
      return mistake("decompose.least_similar") ? dot(z, e) : -dot(z, e);
    if (getMetric() == "cosine") {
      const Val root = mistake("decompose.by_squared_length") ? squares() : sqrt(squares());
      const double least = mistake("decompose.lost_least_length") ? 0 : 1e-12;
      const Val length = root.op("maximum", {root, root.constant(least)}, root.type());
      return -dot(z, e / broadcast(length, e.shape(), whole));
    }
    SmallVector<int64_t> shape(z.shape().drop_back());
    shape.push_back(codes);
    SmallVector<int64_t> dims(heads);
    dims.push_back(last);
    return broadcast(squares(), shape, dims) -
           dot(mistake("decompose.lost_factor_2") ? z : 2.0 * z, e);
  };
  const Val s = scores();
  return {s.op("argmin", s.value, getType(), s.i64("axis", last))};
}

} // namespace kerf

#define GET_OP_CLASSES
#include "compiler/ops/vq.cpp.inc"
