// The register tile of attention: products of blocks that lie where they are, some 48 rows against
// 256 columns, too small to be packed for every use. Where the tile of tile.h reads panels of rows,
// this one takes elements of `a` at any strides, so scores, their transpose and the rows of an
// operand all do.
#pragma once

#include "codegen/cpu/tile.h"

namespace kerf::codegen::cpu {

/// kerf_attention_products(a, b, c, rows, columns, depth, a_row, a_k, b_panel, b_k, c_row, first):
///
///     c[i, j] (+)= sum over k < depth of a[i a_row + k a_k] b[j / 16 b_panel + k b_k + j % 16]
///
/// for i < rows, j < columns, c's rows `c_row` apart. b_panel is 16 where b's rows are whole. If
/// `first` (i1), c's old contents are not read. No element past rows, columns and depth is touched.
///
/// The order of a sum: an FMA chain per block of 256 along k, then the block sums in order, behind
/// what c had. No size may be negative; of depth 0 nothing is written.
llvm::StringRef attentionProductsFunction(mlir::ModuleOp module);

} // namespace kerf::codegen::cpu
