#include "codegen/cpu/kernels/tile.h"
#include "codegen/schedule/kernel.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

/// Rows and columns of a block: a block of b fills half of a 1 MiB L2 cache, one of a a fifth.
static constexpr int64_t blockRows = 192, blockColumns = 512;
/// Rows whose sums of groups wait together, where there are several groups.
static constexpr int64_t slabRows = 4 * blockRows;

template <class T> static T packedRowBytes(T m, T k) {
  return paddedRows(min(m, blockRows)) * min(k, blockDepth) * 4 + 64;
}
template <class T> static T packedColumnBytes(T n, T k) {
  return ceilDiv(min(n, blockColumns), tileColumns) * tileColumns * min(k, blockDepth) * 4;
}

int64_t gemmScratchBytes(int64_t m, int64_t n, int64_t k) {
  return packedRowBytes(m, k) / 64 * 64 + packedColumnBytes(n, k) +
         waitingSums(k) * min(m, slabRows) * min(n, blockColumns) * 4;
}

void emitGemm(mlir::ModuleOp module) {
  llvm::StringRef packRows = packRowsFunction(module), packColumns = packColumnsFunction(module);
  llvm::StringRef panel = panelFunction(module), endBlock = endBlockFunction(module);
  Function e(module, "kerf_kernel_gemm");
  Ptr a = e.pointer(), b = e.pointer(), c = e.pointer(), scratch = e.pointer();
  Val batch = e.size(), m = e.size(), n = e.size(), k = e.size();
  Val aBatch = e.size(), aRow = e.size(), aK = e.size();
  Val bBatch = e.size(), bK = e.size(), bColumn = e.size();
  Val cBatch = e.size(), cRow = e.size();

  Ptr rows = scratch, columns = scratch + packedRowBytes(m, k) / 64 * 16;
  Ptr waiting = columns + packedColumnBytes(n, k) / 4;
  auto block = [&](Ptr a, Ptr b, Ptr c, Val m, Val width, Val depth, Val first) {
    e.loop(0, width, tileColumns, [&](Val j) {
      e.call(packColumns, {columns + j * depth, b + j * bColumn, min(width - j, tileColumns), depth,
                           bK, bColumn});
    });
    e.loop(0, m, blockRows, [&](Val i) {
      Val height = min(m - i, blockRows);
      e.call(packRows, {rows, a + i * aRow, height, depth, aRow, aK, depth, e.index(0)});
      e.loop(0, width, tileColumns, [&](Val j) {
        e.call(panel, {rows, columns + j * depth, c + i * cRow + j, height, depth, cRow,
                       min(width - j, tileColumns), first});
      });
    });
  };
  Val slab = select(k > groupDepth, slabRows, m);
  e.loop(0, batch, 1, [&](Val s) {
    e.loop(0, n, blockColumns, [&](Val j) {
      Val width = min(n - j, blockColumns);
      e.loop(0, ceilDiv(m, max(slab, 1)), 1, [&](Val t) {
        Val i = t * slab, height = min(m - i, slab);
        Ptr left = a + s * aBatch + i * aRow, right = b + s * bBatch + j * bColumn;
        Ptr sums = c + s * cBatch + i * cRow + j;
        e.loop(0, k, blockDepth, [&](Val p) {
          block(left + p * aK, right + p * bK, sums, height, width, min(k - p, blockDepth),
                p % groupDepth == 0);
          e.call(endBlock, {sums, waiting, height, width, cRow, p, k});
        });
      });
    });
  });
}

} // namespace kerf::codegen::cpu
