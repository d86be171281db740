// A contraction with softmax weights, taken apart into queries, keys, values, score and mask.
#pragma once

#include "compiler/families/attention/frame.h"
#include "compiler/families/family.h"
#include "compiler/match/scaled_view.h"

#include "compiler/ops/contract.h"
#include "compiler/ops/select.h"
#include "compiler/ops/uniform.h"

#include "llvm/ADT/SetVector.h"

namespace kerf::compiler::attention {

/// How each axis of a root is cut into dims.
using Axes = std::vector<llvm::SmallVector<int64_t>>;

/// The keys for which this holds, or does not, are seen.
struct Seen {
  Term condition;
  bool holds = true;
};

class Attention {
public:
  /// `root`: the contraction, or the division behind it by the sums of its weights. `side`: which
  /// operand of the contraction the weights are.
  Attention(mlir::Operation *root, unsigned side, const Axes &axes);

  bool match();
  const Misfit &misfit() const { return misfit_; }
  /// Is it a softmax of a contraction at all?
  bool isCandidate() const;
  /// Are the weights not divided by their sums before the contraction?
  bool lacksSums() const { return lacksSums_; }
  /// The axes of another attempt, where a reshape cuts one.
  std::optional<Axes> axesWithCut() const;

  /// Puts the op in place of the root; false, with `misfit` and nothing changed, if a score is no
  /// function of one query and key.
  bool rewrite(mlir::OpBuilder &b);

private:
  friend class Body;

  bool fail(mlir::Operation *where, const llvm::Twine &reason, const llvm::Twine &edit);

  // root.cpp: from the root to weights and values
  bool takeRoot();
  bool takeContraction(const Place &place);
  bool checkReaders();
  bool leavesOnly(mlir::Value x) const;
  bool isBehindProduct(mlir::Value x) const;

  // weights.cpp: from the weights to the scores
  bool takeWeights(Term weights);
  bool peelWeights(Term &weights);
  bool takeDropout(SelectOp select, Term &weights);
  bool takeQuotient(Term e, Term sums);
  bool takeReciprocal(Term e, Term reciprocal);
  bool takeSums(Term sums, const Term &e);
  bool takeLogSoftmax(Term log);
  bool takeShifted(const Term &e);
  bool takeShift(Term shift, const Term &scores);
  std::optional<bool> shiftOf(Term shift, const Term &scores);
  bool isLogOfSums(Term shift, const Term &scores);
  std::optional<Place> beforeReduction(mlir::Operation *op, llvm::ArrayRef<int64_t> axes,
                                       const Place &place) const;
  bool isSame(Term a, Term b);
  Term plain(Term term);

  // lse.cpp: the logarithm of the sums, where it is read
  void findLse();
  void followSums(const Term &sums);
  void takeLogarithm(const Term &log);
  void takeLse(const Term &term);

  // scores.cpp: from the scores to the contraction of q and k, and the mask
  bool takeScores();
  void findProducts(Term term);
  bool failBetween(mlir::Operation *op);
  bool takeProduct();
  bool takeOperands();
  bool takeRoles();
  bool checkTypes();
  Term repeated(Term operand, double &factor);
  void peelMask(Term term);
  void addSeen(const Seen &seen);
  bool isMask(Term term);
  bool isNothing(mlir::Value x, const Place &place);

  // form.cpp
  mlir::Value arranged(mlir::OpBuilder &b, const Term &x, std::optional<unsigned> row,
                       llvm::ArrayRef<unsigned> features, bool isFull);
  mlir::Value shaped(mlir::OpBuilder &b, const Term &x, llvm::ArrayRef<unsigned> order);
  llvm::SmallVector<int64_t> shapeOf(llvm::ArrayRef<unsigned> dims) const;
  llvm::SmallVector<unsigned> placesOf(const Term &x) const;
  mlir::Value placed(mlir::OpBuilder &b, mlir::Value x, llvm::ArrayRef<unsigned> dims,
                     const Term &like);
  mlir::Type operandElement(llvm::ArrayRef<mlir::Value> operands) const;

  mlir::Operation *root;
  unsigned side;
  Axes axes;
  Misfit misfit_;
  Frame frame;
  unsigned key = 0;                                    ///< the dim of the keys
  std::optional<unsigned> query;                       ///< of the queries; none: one query
  llvm::SmallVector<unsigned> batch, features, summed; ///< dims: in order; of v; that q and k share
  bool lacksSums_ = false;

  ContractOp outer, product;
  Term weights, values, scores, queries, keys;
  std::optional<Term> divisor;
  Place rootPlace;
  Term sums;                                ///< of the exponentials over the keys
  llvm::SmallVector<Term> lse;              ///< what is log(sum(exp(scores)))
  llvm::SetVector<mlir::Operation *> ofLse; ///< what makes it of the sums
  bool needsCut = false;
  double factor = 1; ///< of the result
  double scale = 1;  ///< of the product, by q and k
  bool isShifted = false, isClamped = false, isGuarded = false;
  UniformOp draw;
  Place drawPlace;
  double rate = 0;

  llvm::SmallVector<std::pair<ContractOp, Place>> products;
  Place productPlace;
  mlir::Operation *between = nullptr; ///< behind which a contraction is, but not score by score
  llvm::SmallVector<Seen> seen;
  llvm::DenseMap<mlir::Operation *, mlir::Value> stands; ///< of a mask: what it is where it is seen
  mutable llvm::DenseMap<mlir::Operation *, bool> behind;
};

/// The predicate of x and a number, either way round.
struct Comparison {
  mlir::Value x;
  llvm::StringRef predicate;
  double number = 0;
};
std::optional<Comparison> comparison(mlir::Value condition);
/// x of select(x is `number`, other, x), where `other` satisfies `fits`.
mlir::Value replacedAt(SelectOp select, double number, llvm::function_ref<bool(double)> fits);
/// Is a contraction among the last ops that this one is made of?
bool leadsToContraction(mlir::Operation *op);
/// x = factor * inner by a number; a mark of derivatives is none.
Multiple numberMultiple(mlir::Value x);
/// The number that all elements of a float constant are, seen through broadcasts and regions.
std::optional<double> numberOf(mlir::Value x);
/// The operand of a cast between floats; null for others.
mlir::Value castedFloat(mlir::Value x);

} // namespace kerf::compiler::attention
