// gemm(a, b, c, scratch | batch m n k, strides of a: batch m k, of b: batch k n, of c: batch m):
// c[s, i, j] = sum_k a[s, i, k] b[s, k, j], all strides in elements, c's columns adjacent.
#include "codegen/cpu/sums_of_products.h"
#include "codegen/cpu/tile.h"
#include "codegen/schedule/contract_form.h"

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

static Scratch scratchFor(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec) {
  if (!spec.element.isF32())
    return {};
  const int64_t m = sizes[1], n = sizes[2], k = sizes[3];
  return {.shared = packedRowBytes(m, k) / 64 * 64 + packedColumnBytes(n, k) +
                    waitingSums(k) * min(m, slabRows) * min(n, blockColumns) * 4};
}

static void generateTiled(mlir::ModuleOp module, llvm::StringRef symbol) {
  llvm::StringRef packRows = packRowsFunction(module), packColumns = packColumnsFunction(module);
  llvm::StringRef panel = panelFunction(module), endBlock = endBlockFunction(module);
  CalledFunction e(module, symbol);
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

/// For element types without a register tile: slower, and without scratch.
static void generatePlain(mlir::ModuleOp module, llvm::StringRef symbol, mlir::Type element) {
  CalledFunction e(module, symbol);
  Ptr a = e.pointer(element), b = e.pointer(element), c = e.pointer(element);
  Val batch = e.size(), m = e.size(), n = e.size(), k = e.size();
  Val aBatch = e.size(), aRow = e.size(), aK = e.size();
  Val bBatch = e.size(), bK = e.size(), bColumn = e.size();
  Val cBatch = e.size(), cRow = e.size();
  Ptr waiting = waitingPlaces(e, element);
  e.loop(0, batch, 1, [&](Val s) {
    e.loop(0, m, 1, [&](Val i) {
      e.loop(0, n, 1, [&](Val j) {
        Ptr row = a + (s * aBatch + i * aRow), column = b + (s * bBatch + j * bColumn);
        Val total = sumOfProducts(e, waiting, k, [&](Val p) {
          return Factors{(row + p * aK).load(), (column + p * bK).load()};
        });
        (c + (s * cBatch + i * cRow + j)).store(total);
      });
    });
  });
}

static std::optional<KernelForm> form(mlir::OpBuilder &builder, mlir::Operation *op) {
  std::optional<Contraction> contraction = contractionOf(builder, op);
  if (!contraction)
    return {};
  auto [a, b] = *contraction;
  if (a.contracted.size == 0)
    return KernelForm::zero();
  // A matrix times a vector is a vector times a matrix: one padded row, not one padded column.
  if (b.free.size == 1)
    std::swap(a, b);
  const int64_t m = a.free.size, n = b.free.size, k = a.contracted.size;
  return KernelForm({a.x, b.x},
                    {a.batch.size, m, n, k, a.batch.stride, a.free.stride, a.contracted.stride,
                     b.batch.stride, b.contracted.stride, b.free.stride, m * n, n});
}

static Work work(llvm::ArrayRef<int64_t> sizes, const KernelSpec &) {
  return {2.0 * sizes[0] * sizes[1] * sizes[2] * sizes[3]};
}

Kernel kernel_gemm() {
  return {.ops = {"kerf.contract", "kerf.conv", "kerf.conv_transpose", "kerf.conv_filter"},
          .types = "T, T -> T",
          .elements = {"f32", "f64"},
          .form = form,
          .scratch = scratchFor,
          .work = work,
          .generate = generateTiledOr<generateTiled, generatePlain>};
}

} // namespace kerf::codegen::cpu
