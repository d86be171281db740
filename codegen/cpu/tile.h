// The register tile that all contractions share, and the packing that feeds it. A contraction is
// cut into blocks of 256 along k; in a block, rows lie in panels of 6 (the last ones of 4) and
// columns in panels of 16, k outermost, so that the tile's inner loop reads two streams.
//
// The order of its sum: an FMA chain per output and block; the block sums in order within a group
// of 16 blocks; the group sums pairwise, as a binary tree in ascending order: neighbours at each
// level, an odd last one goes up alone. As the groups come one after the other, that is the tree of
// a binary counter: at most one sum waits at each level.
#pragma once

#include "codegen/cpu/emit.h"
#include "codegen/schedule/kernel.h"

namespace kerf::codegen::cpu {

constexpr int64_t blockDepth = 256, groupDepth = 16 * blockDepth;
constexpr int64_t tileColumns = 16;

/// At how many levels a sum of groups may wait for its neighbour, in a contraction of `depth`.
int64_t waitingSums(int64_t depth);
emit::Val waitingSums(emit::Val depth);

/// The sum of group number `group` meets those that wait: add(level, sum) is their sum, the waiting
/// one left, and keep(level, sum) lets one wait. After the `last` group the result is the whole
/// sum.
emit::Vals closeGroup(emit::Emit &e, emit::Val group, emit::Val last, emit::Vals sum,
                      llvm::function_ref<emit::Vals(emit::Val, const emit::Vals &)> add,
                      llvm::function_ref<void(emit::Val, const emit::Vals &)> keep);

/// kerf_end_block(c, waiting, rows, columns, stride, start, total): the block from `start` on of
/// `total` terms has been added to c[i, j], i < rows, j < columns, rows `stride` apart. Closes the
/// group that ends with it, unless it is the only one. `waiting` has rows x columns elements for
/// each of waitingSums(total).
llvm::StringRef endBlockFunction(mlir::ModuleOp module);

/// How many panels of 4 rows end `m` rows: 7 rows are two of them, not 6 + 6.
template <class T> T panelsOfFour(T m) {
  using emit::select;
  T rest = m % 6;
  T some = select(rest >= 3, 1, select(m >= 6, 2, 1));
  return select((rest == 0) | (rest == 5), 0, some);
}
template <class T> T rowsInSixes(T m) {
  using emit::max;
  return (max(m - panelsOfFour(m) * 4, 0) + 5) / 6 * 6;
}
/// The rows that `m` rows take when packed. Row r of a panel's first row lies at r * depth.
template <class T> T paddedRows(T m) { return rowsInSixes(m) + panelsOfFour(m) * 4; }

/// How many of the 16 columns of a panel a register holds: 8 or all.
int64_t tileLanes(const emit::Emit &e);

/// A register tile: rows of one panel against columns of one panel or two, each row in parts of a
/// register.
struct Tile {
  int64_t height, width; ///< 6 or 4, 16 or 32
  int64_t lanes;         ///< of a part

  int64_t parts() const { return width / lanes; }
};
/// The widest tiles have two panels where a register holds a row of one: as many sums as of eight
/// lanes, and less to load for each.
int64_t tileWidth(const emit::Emit &e);
constexpr int64_t widestTile = 2 * tileColumns;
/// Of that many columns, one panel or all that tileWidth allows.
Tile tileOf(const emit::Emit &e, int64_t height, int64_t width);

/// body(row, height) for the panels of `m` packed rows.
void forPanels(emit::Emit &e, emit::Val m, llvm::function_ref<void(emit::Val, int64_t)> body);

/// The FMA chains of one tile over from <= k < to, of panels that are `depth` deep: sum i * parts +
/// j is part j of row i.
emit::Vals tileSums(emit::Function &k, Tile tile, emit::Ptr a, emit::Ptr b, emit::Val from,
                    emit::Val to, emit::Val depth);

/// kerf_panel(a, b, c, m, depth, stride, columns, first): the columns of a tile under all rows,
/// c[i, j] (+)= sum_k a[i, k] b[k, j] for i < m, j < columns <= tileWidth, c's rows `stride` apart.
/// If `first` (i1), c's old contents are not read.
llvm::StringRef panelFunction(mlir::ModuleOp module);

// Functions that read an operand have a form for each type in which memory may hold its floats;
// null is f32.

/// "_bf16": behind the name of a function that reads operands held so; of f32 nothing.
std::string suffixOf(mlir::Type held);

/// kerf_pack_rows(to, from, m, count, m_stride, k_stride, depth, at): from[i, k], k < count, to the
/// places at .. at + count of panels that are `depth` deep; rows past m are zero.
std::string packRowsFunction(mlir::ModuleOp module, mlir::Type held = {});

/// kerf_pack_columns(to, from, columns, count, k_stride, n_stride): from[k, j], k < count,
/// j < columns, to one panel of columns; columns past the last are zero.
std::string packColumnsFunction(mlir::ModuleOp module, mlir::Type held = {});

/// A kernel's generator: `tiled` writes its code for f32, `plain` that for an element type without
/// a register tile.
template <void (*tiled)(mlir::ModuleOp, llvm::StringRef, const KernelSpec &),
          void (*plain)(mlir::ModuleOp, llvm::StringRef, mlir::Type)>
void generateTiledOr(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  if (spec.element.isF32())
    tiled(functions.module, symbol, spec);
  else
    plain(functions.module, symbol, spec.element);
}

} // namespace kerf::codegen::cpu
