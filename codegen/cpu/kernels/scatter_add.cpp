// scatter_add(updates, indices, y | rows width count): from zero, y's row indices[i], clamped,
// grows by row i of the updates, i ascending. Wide rows are cut into tasks: each goes through all
// updates with its columns.
#include "codegen/cpu/row_index.h"
#include "codegen/schedule/scatter_form.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

static void generate(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  const mlir::Type element = spec.element;
  CalledFunction k(functions.module, symbol);
  Ptr updates = k.pointer(element, spec.heldBy(0)), indices = k.pointer(k.i64()),
      y = k.pointer(element);
  Val rows = k.size(), width = k.size(), count = k.size();
  zeroInTasks(k, y, rows * width);
  k.tasks(partsOfRow(width), [&](Val part, Ptr) {
    Val first = part * columnsOfPart, end = lastColumn(part, width);
    k.loop(0, count, 1, [&](Val i) {
      Ptr from = updates + i * width + first;
      Ptr to = y + clampedRow(indices + i, rows) * width + first;
      k.eights(end - first, [&](Val j, int64_t lanes) {
        (to + j).store((to + j).load(lanes) + (from + j).load(lanes));
      });
    });
  });
}

static std::optional<KernelForm> form(mlir::OpBuilder &, mlir::Operation *op) {
  if (addsPairwise(op))
    return {};
  return scatterForm(op);
}

static bool fits(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec) {
  return !addsPairwise(spec.element, sizes[0], sizes[2]);
}

Kernel kernel_scatter_add() {
  return {.ops = {"kerf.scatter_add"},
          .types = "~T, i64 -> T",
          .elements = {"f32", "f64", "i64", "i32"},
          .form = form,
          .fits = fits,
          .work = scatterWork,
          .generate = generate};
}

} // namespace kerf::codegen::cpu
