#include "codegen/cpu/gemm.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

/// Rows and columns of c that a task computes, over all of k.
namespace {
template <class T> struct Part {
  T rows, columns;
};
} // namespace

/// A block of b, 256 x 512, fills half of a 1 MiB L2 cache, one of a a fifth. Where these are few
/// tasks, they are halved while that leaves each of them work for some 10 us: each packs its own
/// blocks, so a smaller part packs more of them.
template <class T> static Part<T> partOf(T batch, T m, T n, T k, int64_t taskWork) {
  using emit::ceilDiv, emit::select;
  T zero = batch * 0, rows = zero + 192, columns = zero + 512;
  auto halve = [&](T &size) {
    auto few = (batch * ceilDiv(m, rows) * ceilDiv(n, columns) < 8) &
               (min(m, rows) * min(n, columns) * k >= 4 * tileColumns * taskWork);
    size = select(few, size / 2, size);
  };
  halve(columns), halve(rows), halve(columns), halve(rows);
  return {rows, columns};
}

/// Of a worker's own, in floats from its start.
namespace {
template <class T> struct Own {
  T columns, waiting, sums, end; // the sums of a narrow c

  Own(Part<T> part, T m, T n, T k, bool packsColumns, bool isNarrow) {
    using emit::ceilDiv, emit::min;
    T depth = min(k, k * 0 + blockDepth), width = min(n, part.columns), none = 0 * k;
    columns = ceilDiv(paddedRows(min(m, part.rows)) * depth, 16) * 16;
    waiting = columns + (packsColumns ? min(packedWidth(width), widestTile) * depth : none);
    T all = min(m, part.rows) * width;
    sums = waiting + waitingSums(k) * all;
    end = sums + (isNarrow ? all : none);
  }
};
} // namespace

Scratch gemmScratch(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec, bool isPacked) {
  const int64_t m = sizes[1], n = sizes[2], k = sizes[3];
  const Part<int64_t> part = partOf(sizes[0], m, n, k, spec.target.sharing.taskWork);
  return {.own = Own<int64_t>(part, m, n, k, !isPacked, spec.isNarrow(2)).end * 4};
}

void generateTiledGemm(mlir::ModuleOp module, llvm::StringRef symbol, const KernelSpec &spec,
                       bool isPacked) {
  const std::string packRows = packRowsFunction(module, spec.heldBy(0));
  const std::string packColumns = isPacked ? "" : packColumnsFunction(module, spec.heldBy(1));
  llvm::StringRef panel = panelFunction(module), endBlock = endBlockFunction(module);
  CalledFunction e(module, symbol);
  Ptr a = e.pointer(e.f32(), spec.heldBy(0)), b = e.pointer(e.f32(), spec.heldBy(1));
  Ptr c = e.pointer(e.f32(), spec.heldBy(2));
  Val batch = e.size(), m = e.size(), n = e.size(), k = e.size();
  Val aBatch = e.size(), aRow = e.size(), aK = e.size();
  Val bBatch = isPacked ? k * packedWidth(n) : e.size();
  Val bK = isPacked ? Val() : e.size(), bColumn = isPacked ? Val() : e.size();
  Val cBatch = e.size(), cRow = e.size();

  const Part<Val> part = partOf(batch, m, n, k, e.taskWork());
  const Own<Val> at(part, m, n, k, !isPacked, spec.isNarrow(2));
  Val parts = ceilDiv(m, part.rows), all = parts * ceilDiv(n, part.columns);
  e.tasks(batch * all, [&](Val number, Ptr own) {
    Val s = number / all, i = number % parts * part.rows;
    Val j = number % all / parts * part.columns;
    Val height = min(m - i, part.rows), width = min(n - j, part.columns);
    Ptr left = a + s * aBatch + i * aRow, right = b + s * bBatch;
    Ptr result = c + s * cBatch + i * cRow + j;
    Ptr sums = spec.isNarrow(2) ? own + at.sums : result;
    Val sumsRow = spec.isNarrow(2) ? width : cRow;
    // The panels of a tile: columns first to last of the block from p on.
    auto panels = [&](Val p, Val depth, Val first, Val last) {
      if (isPacked)
        return right + packedPlace(n, p, first, depth);
      // Columns are packed right before they are used, and are in the L1 cache then.
      Ptr columns = own + at.columns;
      e.loop(first, last, tileColumns, [&](Val t) {
        e.call(packColumns, {columns + (t - first) * depth, right + p * bK + t * bColumn,
                             min(last - t, tileColumns), depth, bK, bColumn});
      });
      return columns;
    };
    e.loop(0, k, blockDepth, [&](Val p) {
      Val depth = min(k - p, blockDepth);
      e.call(packRows, {own, left + p * aK, height, depth, aRow, aK, depth, e.index(0)});
      e.loop(0, width, tileWidth(e), [&](Val t) {
        Val tile = min(width - t, tileWidth(e)), first = j + t;
        e.call(panel, {own, panels(p, depth, first, first + tile), sums + t, height, depth, sumsRow,
                       tile, p % groupDepth == 0});
      });
      e.call(endBlock, {sums, own + at.waiting, height, width, sumsRow, p, k});
    });
    if (spec.isNarrow(2))
      e.loop(0, height, 1, [&](Val i) {
        e.eights(width, [&](Val j, int64_t lanes) {
          (result + i * cRow + j).store((sums + i * width + j).load(lanes));
        });
      });
  });
}

Work gemmWork(llvm::ArrayRef<int64_t> sizes, const KernelSpec &) {
  return {2.0 * sizes[0] * sizes[1] * sizes[2] * sizes[3]};
}

} // namespace kerf::codegen::cpu
