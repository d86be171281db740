// What the exact and the screened search for the nearest code share.
#pragma once

#include "codegen/cpu/tile.h"
#include "codegen/schedule/kernel.h"

namespace kerf::codegen::cpu {

/// How a code is scored against a row z; the least score wins.
enum class VqMetric : int64_t {
  l2,    ///< |e|^2 - 2 z.e, the squared distance less |z|^2, z and e less the center of the codes
  dot,   ///< -z.e
  cosine ///< -z.u, u = e / max(|e|, 1e-12)
};
VqMetric metricOf(llvm::StringRef name);

/// Of a kerf.vq: rows of z and codes per head, features.
struct VqSizes {
  int64_t heads, n, k, d;
  VqMetric metric;
};
VqSizes vqSizes(mlir::Operation *op);
/// Of the kernel vq.
Scratch vqScratch(int64_t n, int64_t k, int64_t d, mlir::Type element);

/// Rows are taken in blocks, the codes under them in blocks that fill a quarter of a 1 MiB L2
/// cache. Rows and codes of a block are made ready once per block of rows; both bound the scratch,
/// however many rows and codes there are.
template <class T> T rowsOfBlock(T d) {
  using emit::max, emit::min;
  return min(max(262144 / max(d, 1) / 6, 32), 512) * 6;
}
template <class T> T codesOfBlock(T d) {
  using emit::max;
  return max(65536 / max(d, 1) / tileColumns, 4) * tileColumns;
}

/// Rows that a task compares with `width` codes, in whole panels of rows and of 16: some 2 million
/// FMAs, the work of eight tasks, as each has to go through all the codes.
inline emit::Val rowsOfTask(emit::Val width, emit::Val d) {
  return min(max(8 * tileColumns * d.emit->taskWork() / max(width * d, 1) / 48, 1), 8) * 48;
}

/// body(first, count) for each block of `block` out of `size`; blocks have run-time sizes, so they
/// are counted.
void inBlocks(emit::Function &e, emit::Val size, emit::Val block,
              llvm::function_ref<void(emit::Val, emit::Val)> body);

/// Does score x come before `least`? A NaN is before every number.
emit::Val scoresBelow(emit::Val x, emit::Val least);

/// z.e of a tile's packed rows and codes, as tileSums gives them.
emit::Vals tileProducts(emit::Function &e, Tile tile, emit::Ptr a, emit::Ptr b, emit::Val depth);

/// The best of a row's lanes, by its 16 best scores and the first codes of their panels: halves
/// meet until one is left.
emit::Val bestCode(emit::Function &e, emit::Ptr scores, emit::Ptr codes);

/// sum of (x[i] - center[i])^2, i < d, in the order of a reduction along memory.
emit::Val squaredLength(emit::Function &e, emit::Ptr x, emit::Ptr center, emit::Val d);

/// The score of code u with squared length `square` against row z, by the metric that is asked for.
emit::Val codeScore(emit::Function &e, emit::Ptr z, emit::Ptr u, emit::Ptr center, emit::Val square,
                    emit::Val d, emit::Val metric);

/// The center of the codes, as kerf.vq defines it, lies before the scratch of a search: d elements,
/// sixteen zeros or more behind them, so that they are read with whole vectors, and eight marks, of
/// which one is not 0 if an element is not.
template <class T> T centerElements(T d) { return (d + 15) / 16 * 16 + 32; }
/// Is there a center other than 0?
emit::Val isCentered(emit::Ptr center, emit::Val d);
/// kerf_vq_center(center, codebook, k, d, metric): zeros but for l2.
llvm::StringRef centerFunction(mlir::ModuleOp module, mlir::Type element);
/// kerf_vq_center_rows(rows, center, height, d): packed rows, less the center.
llvm::StringRef centerRowsFunction(mlir::ModuleOp module);

/// kerf_vq_pack(to, bias, e, center, count, d, metric): `count` codes, less the center, to panels
/// of columns; the last panel's lanes past the end repeat the last code, which then wins before its
/// copies. The bias is |e|^2 for l2, else 0.
llvm::StringRef packCodesFunction(mlir::ModuleOp module);

/// The same of many codes, shared by the workers of a call.
void packCodesInTasks(emit::CalledFunction &e, emit::Ptr columns, emit::Ptr bias,
                      emit::Ptr codebook, emit::Ptr center, emit::Val width, emit::Val d,
                      emit::Val metric);

/// kerf_vq_exact(call, z, codebook, y, center, scratch, n, k, d, metric): vq in floats.
llvm::StringRef exactFunction(mlir::ModuleOp module);
int64_t exactScratchBytes(int64_t n, int64_t k, int64_t d);
emit::Val exactScratchBytes(emit::Val n, emit::Val k, emit::Val d);

/// kerf_vq_screened(call, z, codebook, y, center, scratch, n, k, d, metric): the same codes,
/// screened by integers.
llvm::StringRef screenedFunction(mlir::ModuleOp module);
Scratch screenedScratch(int64_t n, int64_t k, int64_t d);

/// Is the screened search the faster one for these sizes? Below, what it does per row and per code
/// is not repaid.
template <class T> auto isScreened(T n, T k, T d) {
  return (n >= 256) & (k >= 64) & (k <= (1 << 20)) & (d >= 16) & (d <= 65536);
}

} // namespace kerf::codegen::cpu
