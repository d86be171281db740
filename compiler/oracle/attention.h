// The scores of attention, one row after another: what the oracle runs its two ops by.
#pragma once

#include "compiler/attention_parts.h"

namespace kerf::compiler {

/// A scalar function of a region, on a number of elements at once.
class ScalarFunction {
public:
  ScalarFunction(mlir::Region &region, int64_t count);
  /// Is there none?
  bool isEmpty() { return block.empty(); }
  mlir::FailureOr<std::vector<Literal>> run(llvm::ArrayRef<Literal> arguments,
                                            Evaluation &evaluation) {
    return evaluateBlock(block, arguments, evaluation);
  }

private:
  mlir::Block block;
};

/// The scores of one query with all keys.
struct ScoreRow {
  const double *q;                  ///< its features
  Literal s;                        ///< scale * q . k
  std::vector<double> score;        ///< what `score` makes of s
  llvm::SmallVector<int64_t> seen;  ///< the keys that are
  std::vector<double> kept;         ///< what dropping multiplies a weight by
  llvm::SmallVector<Literal> given; ///< indices, and elements of the captures, for each key
  llvm::SmallVector<std::vector<int64_t>> places; ///< in each capture, of the element of a key
  int64_t firstK, firstV;                         ///< the places of key 0

  /// The logarithm of the sum of exponentials of the scores, `-inf` of nothing, and the share of
  /// each key in it.
  std::pair<double, std::vector<double>> softmax() const;
};

class AttentionRows {
public:
  /// `operands`: those of the op.
  AttentionRows(const AttentionParts &parts, llvm::ArrayRef<Literal> operands,
                Evaluation &evaluation);

  int64_t keys() const { return k.shape().drop_back().back(); }
  /// Of a query; of a value.
  int64_t features() const { return k.shape().back(); }
  int64_t width() const { return v.shape().back(); }
  /// Features of the key, or of the value, at a place.
  const double *keyAt(int64_t place) const { return k.floats().data() + place; }
  const double *valueAt(int64_t place) const { return v.floats().data() + place; }

  /// Calls `body` with the number of every query and its scores, one of which `mask` and `score`
  /// could not be run for ends it with an error.
  mlir::LogicalResult forEach(llvm::function_ref<mlir::LogicalResult(int64_t, ScoreRow &)> body);

private:
  mlir::LogicalResult runRegions(ScoreRow &row);
  void findPlaces(llvm::ArrayRef<int64_t> query, ScoreRow &row);
  int64_t firstPlace(const Literal &keys, llvm::ArrayRef<int64_t> query) const;

  const AttentionParts &parts;
  Literal q, k, v;
  llvm::ArrayRef<Literal> captures;
  std::array<uint32_t, 2> key = {};
  uint64_t offset = 0;
  Evaluation &evaluation;
  ScalarFunction score, mask;
};

} // namespace kerf::compiler
