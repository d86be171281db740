// Entries whose leading dim is open: a call says how many rows it has, up to a maximum.
//
// The IR stays static. Such an entry stands in the module for its most rows, and beside it stand
// companions: the same function for one row and for three rows less. All go through the same
// passes. What differs then between them, and nothing else, depends on the number of rows, and
// three points say how (codegen/schedule/open_sizes.h).
#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

#include <array>
#include <optional>

namespace kerf::compiler {

/// How many rows more the companions have than the entry. They are no multiples of what code is cut
/// into, so that nothing looks even that is not; where there are too few rows, they have more.
constexpr std::array<int64_t, 2> companionRows(int64_t most) {
  return most > 4 ? std::array<int64_t, 2>{-1, -3} : std::array<int64_t, 2>{1, 3};
}

/// constant + linear rows + square rows^2
struct OpenNumber {
  int64_t constant = 0, linear = 0, square = 0;

  bool isOpen() const { return linear || square; }
  /// The polynomial through three points; none if it has other than whole factors.
  static std::optional<OpenNumber> through(llvm::ArrayRef<int64_t> rows,
                                           llvm::ArrayRef<int64_t> values);
  int64_t at(int64_t rows) const { return constant + rows * (linear + rows * square); }
};

/// The open dim of an entry or of a companion, and its number in that function.
struct OpenDim {
  std::string name;
  int64_t rows;
  int64_t least = 1; ///< that a call has; known of an entry whose companions have been taken
};

std::optional<OpenDim> openDimOf(mlir::func::FuncOp function);
/// Is it there to be compared with an entry, not to be compiled?
bool isCompanion(mlir::func::FuncOp function);
/// The name of the entry that it is, or is a companion of.
llvm::StringRef entryOf(mlir::func::FuncOp function);
/// Makes `function` an open entry, or with `more` the companion with so many rows more than the
/// entry of its name, which changes its name.
void markOpen(mlir::func::FuncOp function, const OpenDim &dim, int64_t more = 0);

/// Moves the companions out of `module`: the first ones of all open entries into one module, the
/// second ones into another, under the names of their entries and in their order. Empty if no entry
/// is open. On entries as emitted. Notes the least rows of each: from there on, up to the most, it
/// means something. What its ops ask of their operands holds (a slice lies inside of them, `top_k`
/// finds so many), and no size that depends on the rows is below 1. Fails with a diagnostic if an
/// open entry lacks a companion, or they are not alike.
mlir::FailureOr<llvm::SmallVector<mlir::OwningOpRef<mlir::ModuleOp>>>
takeCompanions(mlir::ModuleOp module);
/// Is it one of those modules?
bool areCompanions(mlir::ModuleOp module);

/// The open entries as bound to so many rows, and their companions are gone. Fails with a
/// diagnostic where they are not alike, or need more rows. For tools: on entries as emitted.
mlir::LogicalResult bindRows(mlir::ModuleOp module, int64_t rows);

} // namespace kerf::compiler
