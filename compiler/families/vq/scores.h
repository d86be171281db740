// The scores under an argmin, taken apart into squared lengths of codes and products with rows.
#pragma once

#include "compiler/families/family.h"

#include "compiler/ops/argmin.h"
#include "compiler/ops/broadcast.h"
#include "compiler/ops/contract.h"
#include "compiler/ops/sum.h"
#include "compiler/ops/uniform.h"
#include "compiler/val.h"

#include "llvm/ADT/SetVector.h"

namespace kerf::compiler::vq {

/// A step between the scores and the argmin: codes are along axis `from` before, `to` behind.
struct View {
  mlir::Operation *op;
  int64_t from, to;
};

/// Rows and codes as the fused op takes them, before scaling.
struct Operands {
  mlir::Value z, codebook; ///< of any axes
  /// Their axes: heads, rows, features; heads, codes, features.
  llvm::SmallVector<int64_t> zOrder, eOrder;
  int64_t rowAxes = 0; ///< how many of zOrder are heads and rows
  int64_t heads = 0;   ///< how many of either are heads, each with a codebook of its own
};

/// factor * t * log(-log(max(draw, least))), added to scores: Gumbel noise.
struct Noise {
  UniformOp draw;
  double factor = 1, least = 0;
  BroadcastOp temperature;       ///< of t; null where there is none
  llvm::SmallVector<View> views; ///< from the sum to the noise
  int64_t axis = 0;              ///< of the codes in the draw
};
/// Nothing if v is not that.
std::optional<Noise> noiseOf(mlir::Value v);

/// The scores under one argmin, taken apart: factor * |e|^2 + factor * z.e + what no code changes.
class Scores {
public:
  explicit Scores(ArgminOp root) : root(root), misfit_{root.getLoc(), "", ""} {}

  /// False, with `misfit`, if they are no distances.
  bool match();
  const Misfit &misfit() const { return misfit_; }

  mlir::Value rewrite(mlir::OpBuilder &b);

private:
  struct Term {
    mlir::Value value;
    double factor;
    llvm::SmallVector<int64_t> places; ///< of its axes among the scores'; unused by a row's own
  };
  static constexpr int64_t nowhere = -1;

  bool fail(mlir::Operation *where, const llvm::Twine &reason, const llvm::Twine &edit);
  bool isFull(mlir::Value v) const;
  void pass(mlir::Operation *op);

  bool peel(mlir::Value &v, int64_t &axis);
  bool split(mlir::Value v, double factor, int64_t axis);
  bool splitBroadcast(BroadcastOp op, double factor, int64_t axis);
  bool isBesideRoot(mlir::Operation *op);
  bool takeNoise(Noise found, double factor, int64_t axis);
  bool checkNoise();
  Val temperature(mlir::OpBuilder &b, double unit);
  bool takeContraction(ContractOp op, double factor, int64_t axis);
  bool takeDifference(SumOp op, double factor, int64_t axis);
  bool checkTerms();
  bool checkDistance();
  bool isScored(mlir::Operation *op) const;
  bool checkUsers();

  ArgminOp root;
  Misfit misfit_;
  double scale = 1; ///< of what lies below the outermost steps
  /// An outer step that keeps the order of distances only.
  mlir::Operation *needsDistance = nullptr;
  llvm::SetVector<mlir::Operation *> inside; ///< what makes arrays of all scores
  llvm::SmallVector<View> path;              ///< from the argmin down
  llvm::SmallVector<View> found;             ///< the path to the contraction
  size_t numPeeled = 0;                      ///< views of the path that all terms have
  std::optional<Noise> noise;
  llvm::SmallVector<int64_t> places, headPlaces; ///< of the axes here, of the contraction's heads
  int64_t codesPlace = 0;
  llvm::SmallVector<Term> lengths, rows;
  mlir::Operation *repeated = nullptr; ///< a broadcast of more than lengths
  mlir::Operation *product = nullptr;  ///< the contraction, or the sum of squared differences
  bool isDifference = false;
  double productFactor = 0, lengthFactor = 0;
  Operands operands;
};

} // namespace kerf::compiler::vq
