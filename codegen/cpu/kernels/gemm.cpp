// gemm(a, b, c, scratch | batch m n k, strides of a: batch m k, of b: batch k n, of c: batch m):
// c[s, i, j] = sum_k a[s, i, k] b[s, k, j], all strides in elements, c's columns adjacent. Narrow
// factors are widened as they are packed; a narrow c is rounded when its sums are complete.
#include "codegen/cpu/sums_of_products.h"
#include "codegen/cpu/tile.h"
#include "codegen/schedule/contract_form.h"

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
template <class T> struct Packed {
  T columns, waiting, sums, end; // the sums of a narrow c

  Packed(Part<T> part, T m, T n, T k, bool isNarrow) {
    using emit::ceilDiv, emit::min;
    T depth = min(k, k * 0 + blockDepth), width = min(n, part.columns);
    columns = ceilDiv(paddedRows(min(m, part.rows)) * depth, 16) * 16;
    waiting = columns + min(ceilDiv(width, tileColumns) * tileColumns, widestTile) * depth;
    T all = min(m, part.rows) * width;
    sums = waiting + waitingSums(k) * all;
    end = sums + (isNarrow ? all : 0 * all);
  }
};
} // namespace

static Scratch scratchFor(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec) {
  if (!spec.element.isF32())
    return {};
  const int64_t m = sizes[1], n = sizes[2], k = sizes[3];
  const Part<int64_t> part = partOf(sizes[0], m, n, k, spec.target.sharing.taskWork);
  return {.own = Packed<int64_t>(part, m, n, k, spec.isNarrow(2)).end * 4};
}

static void generateTiled(mlir::ModuleOp module, llvm::StringRef symbol, const KernelSpec &spec) {
  const std::string packRows = packRowsFunction(module, spec.heldBy(0));
  const std::string packColumns = packColumnsFunction(module, spec.heldBy(1));
  llvm::StringRef panel = panelFunction(module), endBlock = endBlockFunction(module);
  CalledFunction e(module, symbol);
  Ptr a = e.pointer(e.f32(), spec.heldBy(0)), b = e.pointer(e.f32(), spec.heldBy(1));
  Ptr c = e.pointer(e.f32(), spec.heldBy(2));
  Val batch = e.size(), m = e.size(), n = e.size(), k = e.size();
  Val aBatch = e.size(), aRow = e.size(), aK = e.size();
  Val bBatch = e.size(), bK = e.size(), bColumn = e.size();
  Val cBatch = e.size(), cRow = e.size();

  const Part<Val> part = partOf(batch, m, n, k, e.taskWork());
  const Packed<Val> at(part, m, n, k, spec.isNarrow(2));
  Val parts = ceilDiv(m, part.rows), all = parts * ceilDiv(n, part.columns);
  e.tasks(batch * all, [&](Val number, Ptr own) {
    Val s = number / all, i = number % parts * part.rows;
    Val j = number % all / parts * part.columns;
    Val height = min(m - i, part.rows), width = min(n - j, part.columns);
    Ptr left = a + s * aBatch + i * aRow, right = b + s * bBatch + j * bColumn;
    Ptr columns = own + at.columns, result = c + s * cBatch + i * cRow + j;
    Ptr sums = spec.isNarrow(2) ? own + at.sums : result;
    Val sumsRow = spec.isNarrow(2) ? width : cRow;
    e.loop(0, k, blockDepth, [&](Val p) {
      Val depth = min(k - p, blockDepth);
      Ptr block = right + p * bK;
      e.call(packRows, {own, left + p * aK, height, depth, aRow, aK, depth, e.index(0)});
      // Columns are packed right before they are used, and are in the L1 cache then.
      e.loop(0, width, tileWidth(e), [&](Val j) {
        Val tile = min(width - j, tileWidth(e));
        e.loop(0, tile, tileColumns, [&](Val t) {
          e.call(packColumns, {columns + t * depth, block + (j + t) * bColumn,
                               min(tile - t, tileColumns), depth, bK, bColumn});
        });
        e.call(panel, {own, columns, sums + j, height, depth, sumsRow, tile, p % groupDepth == 0});
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

/// For element types without a register tile: slower, and without scratch.
static void generatePlain(mlir::ModuleOp module, llvm::StringRef symbol, mlir::Type element) {
  CalledFunction e(module, symbol);
  Ptr a = e.pointer(element), b = e.pointer(element), c = e.pointer(element);
  Val batch = e.size(), m = e.size(), n = e.size(), k = e.size();
  Val aBatch = e.size(), aRow = e.size(), aK = e.size();
  Val bBatch = e.size(), bK = e.size(), bColumn = e.size();
  Val cBatch = e.size(), cRow = e.size();
  e.ranges(batch * m, grainOf(n * k), [&](Val from, Val to, Ptr) {
    Ptr waiting = waitingPlaces(e, element);
    e.loop(from, to, 1, [&](Val row) {
      Val s = row / m, i = row % m;
      Ptr left = a + (s * aBatch + i * aRow), right = b + s * bBatch;
      e.loop(0, n, 1, [&](Val j) {
        Val total = sumOfProducts(e, waiting, k, [&](Val p) {
          return Factors{(left + p * aK).load(), (right + j * bColumn + p * bK).load()};
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
          .types = "~T, ~T -> ~T",
          .elements = {"f32", "f64"},
          .form = form,
          .scratch = scratchFor,
          .work = work,
          .generate = generateTiledOr<generateTiled, generatePlain>};
}

} // namespace kerf::codegen::cpu
