// Attention in plain ops: scalar regions and captures as whole tensors, and its three products.
#pragma once

#include "compiler/attention_parts.h"
#include "compiler/val.h"

namespace kerf::compiler {

/// A tensor with some of the axes of the scores, `dims`, ascending.
struct Spread {
  Val value;
  llvm::SmallVector<int64_t> dims;
};

/// Makes plain ops at the builder's place. Shapes: b are the batch axes, b' those of k or v.
class AttentionForms {
public:
  AttentionForms(mlir::OpBuilder &builder, const AttentionParts &parts)
      : parts(parts), builder(builder), box(parts.box()) {}

  /// An operand in the type of the sums.
  Val widened(mlir::Value x) { return cast(val(x), parts.sumType()); }

  /// y[b, i, j] = x[b, i] . keys[b', j], keys being k or v.
  Val ofPairs(mlir::Value x, mlir::Value keys);
  /// y[b, i] = sum_j weights[b, i, j] keys[b', j]
  Val ofQueries(Val weights, mlir::Value keys);
  /// y[b', j] = sum_i weights[b, i, j] x[b, i], in the shape of `keys`.
  Val ofKeys(Val weights, mlir::Value x, mlir::Value keys);
  /// (b, i) -> (b, i, j)
  Val alongKeys(Val rows);

  /// What a region yields for every score; of an empty one nothing. `first` and `last` stand
  /// before and behind the arguments that `score` and `mask` share; rank 0 or (b, i, j).
  llvm::SmallVector<Spread> apply(mlir::Region &region, llvm::ArrayRef<Val> first,
                                  llvm::ArrayRef<Val> last = {});
  /// As a tensor of all scores.
  Val whole(const Spread &x) { return spread(x, allDims()).value; }
  /// The scores, `-inf` where a key is not seen; `dots` is scale * q . k.
  Val maskedScores(Val dots);
  Val dots();
  /// Where `mask` sees a key, or x, elsewhere the number; x itself if all keys are seen.
  Val whereSeen(Val x, double otherwise);
  /// x / (1 - rate) where a weight is kept, elsewhere 0; x itself if none is dropped.
  Val dropped(Val x);

  /// The cotangent of capture number `i`, of that of its elements for all scores.
  Val ofCapture(unsigned i, Val cotangent);

private:
  Val val(mlir::Value x) { return Val(builder, parts.op->getLoc(), x); }
  llvm::SmallVector<int64_t> allDims() { return llvm::to_vector(llvm::seq<int64_t>(box.size())); }
  Spread spread(const Spread &x, llvm::ArrayRef<int64_t> dims);
  Spread index(int64_t dim, mlir::Type element);
  Spread element(mlir::Value capture, mlir::AffineMap map);
  Spread place(mlir::AffineExpr e);
  Spread combine(llvm::StringRef op, Spread a, Spread b);
  llvm::SmallVector<int64_t> unionOf(llvm::ArrayRef<Spread> values);

  const AttentionParts &parts;
  mlir::OpBuilder &builder;
  llvm::SmallVector<int64_t> box; ///< b… M N
  std::optional<Spread> seen;     ///< what the mask yields, made once
};

} // namespace kerf::compiler
