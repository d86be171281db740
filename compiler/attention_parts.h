// What kerf.attention and kerf.attention_vjp are both made by, and the constraints of it.
#pragma once

#include "compiler/dialect.h"

#include "mlir/IR/AffineMap.h"
#include "mlir/IR/PatternMatch.h"

namespace kerf::compiler {

/// What the sums of attention are in, by the element type of its operands: f32, of f64 f64.
mlir::Type sumTypeOf(mlir::Type element);

/// Operands, attributes and regions of either op.
struct AttentionParts {
  mlir::Operation *op;
  mlir::Value q, k, v;
  mlir::ValueRange captures;
  mlir::Value key, offset; ///< null where nothing is dropped
  double scale;
  llvm::SmallVector<mlir::AffineMap> maps; ///< (b…, i, j) -> the axes of each capture
  bool isZeroOfEmpty;                      ///< a row without keys is 0, not NaN
  std::optional<double> rate;
  mlir::Region &score, &mask; ///< empty: the identity, and all keys

  mlir::RankedTensorType typeOf(mlir::Value x) const {
    return mlir::cast<mlir::RankedTensorType>(x.getType());
  }
  /// Axes of the scores: those of the batch, then queries and keys.
  int64_t rank() const { return typeOf(q).getRank(); }
  /// b… M N
  llvm::SmallVector<int64_t> box() const;
  mlir::Type sumType() const { return sumTypeOf(typeOf(q).getElementType()); }
  /// Batch axes of `keys`, which is k or v, that are those of q; the others are 1 there.
  llvm::SmallVector<int64_t> sharedAxes(mlir::Value keys) const;
};

template <class Op> AttentionParts attentionParts(Op op) {
  return {op,
          op.getQ(),
          op.getK(),
          op.getV(),
          op.getCaptures(),
          op.getKey(),
          op.getOffset(),
          op.getScale().convertToDouble(),
          llvm::to_vector(op.getMaps().template getAsValueRange<mlir::AffineMapAttr>()),
          op.getEmpty() == "zero",
          op.getRate() ? std::optional(op.getRate()->convertToDouble()) : std::nullopt,
          op.getScore(),
          op.getMask()};
}

/// C1, C2, C4 and C6 of kerf.attention.
mlir::LogicalResult verifyParts(const AttentionParts &parts);
/// C5 of `score` and `mask`.
mlir::LogicalResult verifyScoreAndMask(const AttentionParts &parts);

/// What `score` takes: the score, the indices, elements of the captures.
llvm::SmallVector<mlir::Type> scoreArguments(const AttentionParts &parts);
/// A scalar function, or no block at all.
mlir::LogicalResult verifyScalarRegion(mlir::Operation *op, llvm::StringRef name,
                                       mlir::Region &region, mlir::TypeRange arguments,
                                       mlir::TypeRange yielded);
/// The operand of the region's terminator.
inline mlir::Value yieldedBy(mlir::Region &region, unsigned i = 0) {
  return region.front().getTerminator()->getOperand(i);
}

} // namespace kerf::compiler
