// update_at(x, offset, update, y | outer n m bytes): y[o, i] is update[o, i - at] for at <= i < at
// + m, else x[o, i], with at the offset clamped to [0, n - m]; an element has this many bytes,
// those of the axes behind.
#include "codegen/cpu/row_index.h"
#include "codegen/schedule/kernel.h"

#include "compiler/dialect.h"
#include "compiler/ops/update_at.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

static void generate(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  CalledFunction k(functions.module, symbol);
  mlir::Type byte = k.b.getI8Type();
  Ptr x = k.pointer(byte), offset = k.pointer(k.i64()), update = k.pointer(byte);
  Ptr y = k.pointer(byte);
  Val outer = k.size(), n = k.size(), m = k.size(), bytes = k.size();
  k.ranges(outer, grainOf(n * bytes / 4), [&](Val from, Val to, Ptr) {
    Val at = clampedRow(offset, n - m + 1);
    k.loop(from, to, 1, [&](Val o) {
      Val line = o * n * bytes, begin = line + at * bytes, end = begin + m * bytes;
      k.copy(y + line, x + line, at * bytes);
      k.copy(y + begin, update + o * m * bytes, m * bytes);
      k.copy(y + end, x + end, (n - m - at) * bytes);
    });
  });
}

static std::optional<KernelForm> form(mlir::OpBuilder &, mlir::Operation *op) {
  auto updated = mlir::cast<compiler::UpdateAtOp>(op);
  mlir::RankedTensorType x = typeOf(updated.getX());
  const int64_t axis = updated.getAxis();
  const int64_t bytes = ceilDiv(int64_t(x.getElementTypeBitWidth()), 8);
  return KernelForm(op->getOperands(), {product(x.getShape().take_front(axis)), x.getDimSize(axis),
                                        typeOf(updated.getUpdate()).getDimSize(axis),
                                        product(x.getShape().drop_front(axis + 1)) * bytes});
}

/// Of x all is read but what the update hides.
static Work work(llvm::ArrayRef<int64_t> sizes, const KernelSpec &) {
  return {0, sizes[0] * sizes[2] * sizes[3]};
}

Kernel kernel_update_at() {
  return {.ops = {"kerf.update_at"},
          .types = "*, i64, * -> *",
          .form = form,
          .work = work,
          .generate = generate};
}

} // namespace kerf::codegen::cpu
