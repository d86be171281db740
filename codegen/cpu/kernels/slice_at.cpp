// slice_at(x, offset, y | outer n m bytes): y[o, i] = x[o, at + i], i < m, with at the offset
// clamped to [0, n - m]; an element has this many bytes, those of the axes behind.
#include "codegen/cpu/row_index.h"
#include "codegen/schedule/kernel.h"

#include "compiler/dialect.h"
#include "compiler/ops/slice_at.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

static void generate(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  CalledFunction k(functions.module, symbol);
  mlir::Type byte = k.b.getI8Type();
  Ptr x = k.pointer(byte), offset = k.pointer(k.i64()), y = k.pointer(byte);
  Val outer = k.size(), n = k.size(), m = k.size(), bytes = k.size();
  k.ranges(outer, grainOf(m * bytes / 4), [&](Val from, Val to, Ptr) {
    Val at = clampedRow(offset, n - m + 1);
    k.loop(from, to, 1,
           [&](Val o) { k.copy(y + o * m * bytes, x + (o * n + at) * bytes, m * bytes); });
  });
}

static std::optional<KernelForm> form(mlir::OpBuilder &, mlir::Operation *op) {
  auto slice = mlir::cast<compiler::SliceAtOp>(op);
  mlir::RankedTensorType x = typeOf(slice.getX());
  const int64_t axis = slice.getAxis();
  const int64_t bytes = ceilDiv(int64_t(x.getElementTypeBitWidth()), 8);
  return KernelForm(op->getOperands(), {product(x.getShape().take_front(axis)), x.getDimSize(axis),
                                        typeOf(slice.getY()).getDimSize(axis),
                                        product(x.getShape().drop_front(axis + 1)) * bytes});
}

static Work work(llvm::ArrayRef<int64_t> sizes, const KernelSpec &) {
  return {0, sizes[0] * (sizes[1] - sizes[2]) * sizes[3]};
}

Kernel kernel_slice_at() {
  return {.ops = {"kerf.slice_at"},
          .types = "*, i64 -> *",
          .form = form,
          .work = work,
          .generate = generate};
}

} // namespace kerf::codegen::cpu
