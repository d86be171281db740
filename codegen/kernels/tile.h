// The register tile that all contractions share, and the packing that feeds it. A contraction is
// cut into blocks of 256 along k; in a block, rows lie in panels of 6 (the last ones of 4) and
// columns in panels of 16, k outermost, so that the tile's inner loop reads two streams.
#pragma once

#include "kernels/emit.h"

namespace kerf::kernels {

/// Depth of a block: one FMA chain per output and block, block sums added in order.
constexpr int64_t blockDepth = 256;
constexpr int64_t tileColumns = 16;

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

/// The FMA chains of one tile over from <= k < to: `height` rows of panel a against the 16 columns
/// of panel b. Sums 2 i and 2 i + 1 are row i's halves.
emit::Vals tileSums(emit::Kernel &k, emit::Ptr a, emit::Ptr b, emit::Val from, emit::Val to,
                    int64_t height);

/// kerf_panel(a, b, c, m, depth, stride, columns, first): one panel of columns under all rows,
/// c[i, j] (+)= sum_k a[i, k] b[k, j] for i < m, j < columns <= 16, c's rows `stride` apart.
/// If `first` (i1), c's old contents are not read.
llvm::StringRef panelFunction(mlir::ModuleOp module);

/// kerf_pack_rows(to, from, m, count, m_stride, k_stride, depth, at): from[i, k], k < count, to the
/// places at .. at + count of panels that are `depth` deep; rows past m are zero.
llvm::StringRef packRowsFunction(mlir::ModuleOp module);

/// kerf_pack_columns(to, from, columns, count, k_stride, n_stride): from[k, j], k < count,
/// j < columns, to one panel of columns; columns past the last are zero.
llvm::StringRef packColumnsFunction(mlir::ModuleOp module);

/// Does the module still lack this function?
inline bool missing(mlir::ModuleOp module, llvm::StringRef name) {
  return !module.lookupSymbol(name);
}

} // namespace kerf::kernels
