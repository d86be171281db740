// scatter_add_along(updates, indices, y | outer n m inner): from zero, y[o, indices[o, i, j], j]
// grows by updates[o, i, j], i ascending, the index clamped to [0, n - 1]. Where lines are many and
// side by side they are cut into tasks.
#include "codegen/cpu/row_index.h"
#include "codegen/schedule/kernel.h"

#include "compiler/dialect.h"
#include "compiler/ops/scatter_add_along.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

static void generate(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  CalledFunction k(functions.module, symbol);
  Ptr updates = k.pointer(spec.element, spec.heldBy(0)), indices = k.pointer(k.i64());
  Ptr y = k.pointer(spec.element);
  Val outer = k.size(), n = k.size(), m = k.size(), inner = k.size();
  zeroInTasks(k, y, outer * n * inner);
  Val parts = partsOfRow(inner);
  k.ranges(outer * parts, grainOf(m * min(inner, columnsOfPart)), [&](Val from, Val to, Ptr) {
    k.loop(from, to, 1, [&](Val number) {
      Val o = number / parts, part = number % parts;
      Val first = part * columnsOfPart, end = lastColumn(part, inner);
      Ptr sums = y + o * n * inner;
      k.loop(0, m, 1, [&](Val i) {
        Val row = (o * m + i) * inner;
        k.loop(first, end, 1, [&](Val j) {
          Ptr sum = sums + (clampedRow(indices + (row + j), n) * inner + j);
          sum.store(sum.load() + (updates + (row + j)).load());
        });
      });
    });
  });
}

static std::optional<KernelForm> form(mlir::OpBuilder &, mlir::Operation *op) {
  auto scatter = mlir::cast<compiler::ScatterAddAlongOp>(op);
  llvm::ArrayRef<int64_t> updates = typeOf(scatter.getUpdates()).getShape();
  const int64_t axis = scatter.getAxis();
  if (product(updates) == 0)
    return KernelForm::zero();
  return KernelForm(op->getOperands(),
                    {product(updates.take_front(axis)), typeOf(scatter.getY()).getDimSize(axis),
                     updates[axis], product(updates.drop_front(axis + 1))});
}

static Work additions(llvm::ArrayRef<int64_t> sizes, const KernelSpec &) {
  return {1.0 * sizes[0] * sizes[2] * sizes[3]};
}

Kernel kernel_scatter_add_along() {
  return {.ops = {"kerf.scatter_add_along"},
          .types = "~T, i64 -> T",
          .elements = {"f32", "f64", "i64", "i32"},
          .form = form,
          .work = additions,
          .generate = generate};
}

} // namespace kerf::codegen::cpu
