// take_along(x, indices, y | outer n m inner): y[o, i, j] = x[o, indices[o, i, j], j], i < m, the
// index clamped to [0, n - 1].
#include "codegen/cpu/row_index.h"
#include "codegen/schedule/kernel.h"

#include "compiler/dialect.h"
#include "compiler/ops/take_along.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

static void generate(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  CalledFunction k(functions.module, symbol);
  const mlir::Type moved = bitsOf(spec.element);
  Ptr x = k.pointer(moved), indices = k.pointer(k.i64()), y = k.pointer(moved);
  Val outer = k.size(), n = k.size(), m = k.size(), inner = k.size();
  // Rows i of all o, one after the other.
  k.ranges(outer * m, grainOf(inner), [&](Val from, Val to, Ptr) {
    k.loop(from / m, ceilDiv(to, m), 1, [&](Val o) {
      Val first = max(from - o * m, 0), end = min(to - o * m, m);
      Ptr line = x + o * n * inner;
      auto take = [&](Val place, Val column) {
        Val index = clampedRow(indices + place, n);
        (y + place).store((line + (index * inner + column)).load());
      };
      auto rows = [&] {
        k.loop(first, end, 1, [&](Val i) {
          Val row = (o * m + i) * inner;
          k.loop(0, inner, 1, [&](Val j) { take(row + j, j); });
        });
      };
      auto elements = [&] { k.loop(first, end, 1, [&](Val i) { take(o * m + i, k.index(0)); }); };
      k.when(inner == 1, elements, rows);
    });
  });
}

static std::optional<KernelForm> form(mlir::OpBuilder &, mlir::Operation *op) {
  auto take = mlir::cast<compiler::TakeAlongOp>(op);
  llvm::ArrayRef<int64_t> x = typeOf(take.getX()).getShape(), y = typeOf(take.getY()).getShape();
  const int64_t axis = take.getAxis();
  return KernelForm(op->getOperands(), {product(y.take_front(axis)), x[axis], y[axis],
                                        product(y.drop_front(axis + 1))});
}

/// Of each line no more than `m` elements can be looked up.
static Work work(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec) {
  const int64_t bytes = spec.element.getIntOrFloatBitWidth() / 8;
  return {0, sizes[0] * max(sizes[1] - sizes[2], 0) * sizes[3] * bytes};
}

Kernel kernel_take_along() {
  return {.ops = {"kerf.take_along"},
          .types = "T, i64 -> T",
          .elements = {"f32", "f64", "i64", "i32", "bf16", "f16", "i16", "i8"},
          .form = form,
          .work = work,
          .generate = generate};
}

} // namespace kerf::codegen::cpu
