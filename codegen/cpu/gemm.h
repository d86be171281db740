// What the kernels of products share: how a product is cut into tasks and blocks, whether its
// columns are packed on the way or have been before.
#pragma once

#include "codegen/cpu/tile.h"

namespace kerf::codegen::cpu {

/// Columns of a packed matrix: whole panels.
template <class T> T packedWidth(T n) { return emit::ceilDiv(n, tileColumns) * tileColumns; }
/// Where the panel of column j, a multiple of 16, of the block from row p on lies in a packed
/// matrix of n columns: blocks of `depth` rows, 256 or what is left, one behind the other, in each
/// its panels.
template <class T> T packedPlace(T n, T p, T j, T depth) { return p * packedWidth(n) + j * depth; }

/// Memory for one worker's part of a product of these sizes, batch m n k.
Scratch gemmScratch(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec, bool isPacked);

/// symbol(a, b, c | batch m n k, strides of a: batch m k, of b: batch k n, of c: batch m), with the
/// register tile. Of a packed b no strides are given.
void generateTiledGemm(mlir::ModuleOp module, llvm::StringRef symbol, const KernelSpec &spec,
                       bool isPacked);

/// Of a product whose sizes begin with batch m n k.
Work gemmWork(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec);

} // namespace kerf::codegen::cpu
