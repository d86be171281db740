// Cotangents of the captures of attention's score: sums over all (b, i, j) at affine places.
//
// A capture that has an axis for the queries and one for the keys is summed in place: two (i, j)
// of a head never meet, and heads that share its elements are done one after another. Any other
// has few elements for a head, which lie on a line: each head, and each chunk of its keys, has
// sums of its own, which are added in the order of the heads.
#pragma once

#include "codegen/cpu/captures.h"

namespace kerf::codegen::cpu {

/// Numbers of one, as its functions take them.
template <class T> struct CotangentSizes {
  T elements; ///< of the capture
  /// Element t of a line is at unit * (t - shift) from where query 0 and key 0 are; a query further
  /// is step[0] further along the line, a key step[1]. In place: of length 0.
  T unit, shift, step[2], length;

  explicit CotangentSizes(llvm::function_ref<T()> next)
      : elements(next()), unit(next()), shift(next()), step{next(), next()}, length(next()) {}

  /// From a line to the next; what vectors reach behind its end is its own.
  T stride() const {
    using emit::ceilDiv, emit::select;
    return select(length == 0, length, ceilDiv(length + 32, 16) * 16);
  }
};

/// Is the capture summed in place? Then bit a of the result says that heads share it along axis a
/// of the `axes` that batch indices are taken to have, in front of those that they do have.
std::optional<int64_t> sharedInPlace(mlir::AffineMap map, int64_t axes);
/// Appends the numbers of CotangentSizes, for `m` queries and `n` keys.
void appendCotangentSizes(mlir::AffineMap map, llvm::ArrayRef<int64_t> shape, int64_t m, int64_t n,
                          llvm::SmallVectorImpl<int64_t> &sizes);

/// The cotangent of one capture, in a function that sums it.
class CaptureCotangent {
public:
  CaptureCotangent(const Captures &captures, unsigned capture, mlir::AffineMap map)
      : captures(captures), capture(capture), keyDim(map.getNumDims() - 1),
        lanes(captures.lanesOf(capture)), isInPlace(sharedInPlace(map, 0).has_value()) {}

  /// Are a row's cotangents one sum?
  bool isSumOfRow() const { return lanes == Captures::Lanes::same; }
  /// Adds what registers have of key j on in a row; 0 in lanes that are not there, `valid` are,
  /// null: all. `rowPlace` is that of the capture's element for key 0.
  void add(emit::Emit &e, emit::Val x, emit::Val rowPlace, emit::Val i, emit::Val j,
           emit::Val valid) const;
  /// Adds the sum of a row.
  void addRow(emit::Val sum, emit::Val i) const;

  const Captures &captures;
  unsigned capture, keyDim;
  Captures::Lanes lanes;
  bool isInPlace;
  emit::Ptr sums; ///< all elements, or the line of the head
  std::optional<CotangentSizes<emit::Val>> sizes;
};

} // namespace kerf::codegen::cpu
