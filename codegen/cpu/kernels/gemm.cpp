// gemm(a, b, c, scratch | batch m n k, strides of a: batch m k, of b: batch k n, of c: batch m):
// c[s, i, j] = sum_k a[s, i, k] b[s, k, j], all strides in elements, c's columns adjacent. Narrow
// factors are widened as they are packed; a narrow c is rounded when its sums are complete.
#include "codegen/cpu/gemm.h"
#include "codegen/cpu/sums_of_products.h"
#include "codegen/schedule/contract_form.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

static void generateTiled(mlir::ModuleOp module, llvm::StringRef symbol, const KernelSpec &spec) {
  generateTiledGemm(module, symbol, spec, /*isPacked=*/false);
}

static Scratch scratchFor(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec) {
  return spec.element.isF32() ? gemmScratch(sizes, spec, /*isPacked=*/false) : Scratch();
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

/// Columns that every iteration of a loop reads are packed before it. Without a register tile
/// nobody packs any. Their room is a polynomial of the sizes, as open entries need.
static std::optional<Prepared> prepare(llvm::ArrayRef<int64_t> s, const KernelSpec &spec) {
  if (!spec.element.isF32())
    return {};
  const int64_t batch = s[0], m = s[1], n = s[2], k = s[3];
  return Prepared{.input = 1,
                  .maker = {"pack_columns", {batch, k, n, s[7], s[8], s[9]}},
                  .elements = batch * (n + tileColumns - 1) * k,
                  .reader = {"gemm_packed", {batch, m, n, k, s[4], s[5], s[6], s[10], s[11]}}};
}

Kernel kernel_gemm() {
  return {.ops = {"kerf.contract", "kerf.conv", "kerf.conv_transpose", "kerf.conv_filter"},
          .types = "~T, ~T -> ~T",
          .elements = {"f32", "f64"},
          .form = form,
          .scratch = scratchFor,
          .work = gemmWork,
          .prepare = prepare,
          .generate = generateTiledOr<generateTiled, generatePlain>};
}

} // namespace kerf::codegen::cpu
