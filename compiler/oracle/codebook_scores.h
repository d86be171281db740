// Scores of codes against rows, as the searches for codes evaluate them.
#pragma once

#include "compiler/val.h"

#include <cmath>

namespace kerf::compiler {

/// The codes of which the center of a codebook is taken: every `step`-th, `count` in all.
struct CenterCodes {
  int64_t count, step;
  explicit CenterCodes(int64_t codes)
      : count(std::min<int64_t>(codes, 64)), step(std::max<int64_t>(codes / 64, 1)) {}
};
/// The center of a codebook, as kerf.vq defines it.   (heads…, K, D) -> (heads…, D)
Val centerOf(Val codebook);
/// x less the center; the axes of `center` are the first heads and the last of x.
Val lessCenter(Val x, Val center);

/// The codebook as scores use it, rounded where the separate ops round.
class Codes {
public:
  /// metric: that of kerf.vq. codebook : (heads…, K, D)
  Codes(llvm::StringRef metric, const Literal &codebook, Evaluation &evaluation)
      : rows(codebook.floats()),
        bias(mlir::ShapedType::getNumElements(codebook.shape().drop_back()), 0),
        scale(metric == "l2" ? 2 : 1), d(codebook.shape().back()),
        codes(codebook.shape().drop_back().back()), type(codebook.type().getElementType()),
        evaluation(evaluation) {
    if (metric == "l2")
      subtractCenters();
    for (size_t k = 0; k < bias.size(); ++k) {
      llvm::MutableArrayRef<double> row(&rows[k * d], d);
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

  /// The score of code `k`, counted through all heads, against the row `z` of D numbers.
  double score(const double *z, int64_t k) const {
    const double *center = centers.empty() ? nullptr : &centers[k / codes * d];
    double dot = 0, magnitude = 0;
    for (int64_t p = 0; p < d; ++p) {
      const double x = center ? evaluation.round(z[p] - center[p], type) : z[p];
      const double product = x * rows[k * d + p];
      dot += product, magnitude += std::fabs(product);
    }
    const double score = evaluation.round(bias[k] - scale * evaluation.round(dot, type), type);
    return evaluation.disturbed(score, bias[k] + scale * magnitude, d, type);
  }

private:
  void subtractCenters() {
    const CenterCodes taken(codes);
    for (size_t first = 0; first < rows.size(); first += codes * d)
      for (int64_t p = 0; p < d; ++p) {
        double total = 0, squares = 0;
        for (int64_t j = 0; j < taken.count; ++j) {
          const double x = rows[first + j * taken.step * d + p];
          total += x, squares += evaluation.round(x * x, type);
        }
        total = evaluation.round(total, type), squares = evaluation.round(squares, type);
        const double mean = evaluation.round(total / taken.count, type);
        const double length = evaluation.round(evaluation.round(mean * total, type) * 1.25, type);
        centers.push_back(length > squares ? mean : 0);
        for (int64_t j = 0; j < codes; ++j) {
          double &x = rows[first + j * d + p];
          x = evaluation.round(x - centers.back(), type);
        }
      }
  }

  std::vector<double> rows, bias; ///< score = bias - scale * row . (z - center)
  std::vector<double> centers;    ///< of the heads; empty where rows are taken as they are
  double scale;
  int64_t d, codes; ///< elements of a row, codes of a head
  mlir::Type type;
  Evaluation &evaluation;
};

} // namespace kerf::compiler
