// Scores of codes against rows, as the searches for codes evaluate them.
#pragma once

#include "build.h"

#include <cmath>

namespace kerf {

/// The codebook as scores use it, rounded where the separate ops round.
class Codes {
public:
  /// metric: that of kerf.vq. codebook : (heads…, K, D)
  Codes(llvm::StringRef metric, const Literal &codebook, Evaluation &evaluation)
      : rows(codebook.floats()),
        bias(mlir::ShapedType::getNumElements(codebook.shape().drop_back()), 0),
        scale(metric == "l2" ? 2 : 1), d(codebook.shape().back()),
        type(codebook.type().getElementType()), evaluation(evaluation) {
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
    double dot = 0, magnitude = 0;
    for (int64_t p = 0; p < d; ++p) {
      const double product = z[p] * rows[k * d + p];
      dot += product, magnitude += std::fabs(product);
    }
    const double score = evaluation.round(bias[k] - scale * evaluation.round(dot, type), type);
    return evaluation.disturbed(score, bias[k] + scale * magnitude, d, type);
  }

private:
  std::vector<double> rows, bias; ///< score = bias - scale * row . z
  double scale;
  int64_t d;
  mlir::Type type;
  Evaluation &evaluation;
};

} // namespace kerf
