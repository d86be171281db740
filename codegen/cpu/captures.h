// Captures of attention's regions: elements at affine places of batch indices, query i and key j.
#pragma once

#include "codegen/cpu/scalar_code.h"
#include "codegen/schedule/kernel.h"

#include "mlir/IR/AffineMap.h"

#include <array>

namespace kerf::codegen::cpu {

/// Of a capture of this shape, row-major: its element's place as a sum; factors of the map's dims,
/// then what is added. None where the map is no such sum.
std::optional<llvm::SmallVector<int64_t>> placesOf(mlir::AffineMap map,
                                                   llvm::ArrayRef<int64_t> shape);

/// The captures of a call, whose functions take a pointer for each, and the numbers of `placesOf`.
class Captures {
public:
  /// How the places of lanes, neighbours along j, are apart: not, by 1, by -1, or any step.
  enum class Lanes { same, next, back, apart };

  /// `elements`: the types that the regions' arguments have.
  Captures(llvm::ArrayRef<mlir::AffineMap> maps, llvm::ArrayRef<mlir::Type> elements)
      : maps(maps), elements(elements) {}
  /// Arguments of the function that is being written: pointers, later the numbers.
  void takePointers(emit::Function &k);
  void takeNumbers(emit::Function &k);

  unsigned size() const { return maps.size(); }
  /// For each capture the place of its element for query i and key 0.
  emit::Vals rowPlaces(llvm::ArrayRef<emit::Val> batch, emit::Val i) const;
  /// The element at key j of a row, a scalar, or those of `lanes` keys from there on; of these
  /// `valid` are there, others are copies of the last one. Null: all.
  emit::Val load(unsigned capture, emit::Val rowPlace, emit::Val j, int64_t lanes,
                 emit::Val valid = {}) const;
  /// All numbers of a capture for queries below i[1] from i[0] on, keys likewise; none are empty.
  Interval over(unsigned capture, llvm::ArrayRef<emit::Val> batch, std::array<emit::Val, 2> i,
                std::array<emit::Val, 2> j) const;

  Lanes lanesOf(unsigned capture) const;
  bool dependsOn(unsigned capture, unsigned dim) const;
  emit::Val numberOf(unsigned capture, unsigned dim) const { return numbers[capture][dim]; }
  emit::Ptr pointerTo(unsigned capture) const { return pointers[capture]; }

private:
  unsigned queryDim() const { return maps[0].getNumDims() - 2; }
  emit::Val loadOne(unsigned capture, emit::Val place) const;

  llvm::SmallVector<mlir::AffineMap> maps;
  llvm::SmallVector<mlir::Type> elements;
  llvm::SmallVector<emit::Ptr> pointers;
  std::vector<emit::Vals> numbers;
};

} // namespace kerf::codegen::cpu
