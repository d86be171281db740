// The scalar functions of attention: what a score, or whether a key is seen, is for one (b, i, j).
#pragma once

#include "compiler/families/attention/attention.h"

#include <map>

namespace kerf::compiler::attention {

/// Tensors that both functions read, each once for every place.
class Captures {
public:
  /// `blocks`: of the functions, whose last arguments are the elements.
  Captures(llvm::ArrayRef<mlir::Block *> blocks, mlir::Location location)
      : blocks(llvm::to_vector(blocks)), location(location) {}
  unsigned add(const Term &term);
  llvm::ArrayRef<Term> terms() const { return all; }

private:
  llvm::SmallVector<mlir::Block *> blocks;
  mlir::Location location;
  llvm::SmallVector<Term> all;
};

class Body {
public:
  /// `dims`: of the indices that are arguments, the first of which is `first`; without a dim one is
  /// 0.
  Body(Attention &attention, Captures &captures, mlir::Block *block,
       llvm::ArrayRef<std::optional<unsigned>> dims, unsigned first);

  /// Nothing, with a misfit of the attention, if it is no function of one (b, i, j).
  mlir::Value score(const Term &scores);
  mlir::Value mask(llvm::ArrayRef<Seen> seen);
  /// What the product is multiplied with before anything else.
  std::optional<double> scale() const { return scale_; }

private:
  /// An element. Integers are held as i32 where their range is known to fit; one that is an index
  /// is made when it is read.
  struct Scalar {
    mlir::Value value;
    std::optional<Index> index;
    std::optional<Range> range;
    explicit operator bool() const { return value || index; }
  };

  bool fail(mlir::Operation *where, const llvm::Twine &reason, const llvm::Twine &edit) {
    attention.fail(where, reason, edit);
    return false;
  }
  Scalar make(const Term &term);
  Scalar makeNew(Term term);
  Scalar makeScored(Term term);
  std::optional<Scalar> makeProduct(Term term);
  Scalar makeElement(mlir::Operation *op, const Place &place);
  Scalar makeIntegers(mlir::Operation *op, llvm::MutableArrayRef<Scalar> operands);
  Scalar makeComparison(mlir::Operation *op, Scalar a, Scalar b);
  Scalar compareIndices(mlir::StringRef predicate, const Index &difference);
  Scalar makeGathered(mlir::Operation *op, const Place &place);
  Scalar capture(const Term &term);
  Scalar constant(mlir::Value x, mlir::Attribute value);
  Scalar indexed(const Index &index);
  std::optional<Range> rangeOf(mlir::Operation *op, llvm::ArrayRef<Scalar> operands) const;

  mlir::Value held(Scalar &scalar);
  mlir::Value as(Scalar &scalar, mlir::Type element);
  mlir::Value number(int64_t number, mlir::Type element);
  mlir::Value made(mlir::Location location, mlir::StringRef name, mlir::ValueRange operands,
                   mlir::Type element, llvm::ArrayRef<mlir::NamedAttribute> attributes = {});

  bool isOfBoth(const Place &place) const;
  bool isPure(mlir::Value x);
  bool hasIota(mlir::Value x);
  bool isInline(mlir::Operation *op, const Place &place);

  Attention &attention;
  Captures &captures;
  mlir::Block *block;
  mlir::OpBuilder b;
  llvm::SmallVector<std::optional<unsigned>> dims;
  unsigned first;
  std::optional<double> scale_;
  std::map<std::pair<void *, Place>, Scalar> done;
  llvm::DenseMap<mlir::Operation *, bool> pure, iotas;
};

} // namespace kerf::compiler::attention
