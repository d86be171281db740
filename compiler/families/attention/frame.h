// Where elements come from: the index of every tensor behind a root, in terms of the root's axes.
#pragma once

#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Operation.h"
#include "mlir/IR/Value.h"

#include <array>
#include <optional>

namespace kerf::compiler::attention {

/// A sum of multiples of a frame's dims, and a constant.
struct Index {
  static constexpr unsigned mostDims = 24;
  std::array<int64_t, mostDims> times{};
  int64_t constant = 0;

  auto operator<=>(const Index &) const = default;
  Index operator*(int64_t factor) const;
  Index operator+(const Index &other) const;
  Index operator-(const Index &other) const { return *this + other * -1; }
  bool isConstant() const { return times == std::array<int64_t, mostDims>{}; }
};
using Place = std::vector<Index>; ///< of an element, by the axes of its tensor

/// A tensor, and which of its elements is meant.
struct Term {
  mlir::Value value;
  Place place;
};

struct Range {
  int64_t low = 0, high = 0; ///< inclusive
};

/// A dim of which the inner `inner` are an axis of their own somewhere.
struct Cut {
  unsigned dim;
  int64_t inner;
};

/// The dims that indices are made of: the axes of a root, cut where a reshape cuts them.
class Frame {
public:
  /// Nothing if there are too many.
  std::optional<unsigned> add(int64_t extent);
  int64_t extent(unsigned dim) const { return extents[dim]; }
  unsigned size() const { return extents.size(); }
  static Index dim(unsigned dim);
  static Index number(int64_t number);
  Range range(const Index &index) const;
  /// Do they mean the same elements? A dim of extent 1 is 0, whether it is named or not.
  bool isSame(const Place &a, const Place &b) const;

  /// The dims, outermost first, of which `index` is the row-major number, if it takes all of
  /// [0, extent).
  std::optional<llvm::SmallVector<unsigned>> parts(const Index &index, int64_t extent) const;

  /// Of the operand of a transpose, reshape, broadcast or slice: where element `place` of the
  /// result is. Nothing for other ops, or where that is no sum of multiples.
  std::optional<Place> before(mlir::Operation *op, const Place &place);
  /// `term` behind all of those.
  Term settled(Term term);
  /// What the last failing reshape would have needed.
  const std::optional<Cut> &wantedCut() const { return cut; }

private:
  std::optional<Place> beforeReshape(llvm::ArrayRef<int64_t> from, llvm::ArrayRef<int64_t> to,
                                     const Place &place);
  bool regroup(llvm::ArrayRef<int64_t> from, llvm::ArrayRef<int64_t> to,
               llvm::ArrayRef<Index> place, Place &result);

  llvm::SmallVector<int64_t> extents;
  std::optional<Cut> cut;
};

} // namespace kerf::compiler::attention
