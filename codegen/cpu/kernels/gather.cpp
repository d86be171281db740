// gather(table, indices, y | rows bytes count): y's row i is the table's row indices[i], clamped; a
// row has this many bytes.
#include "codegen/cpu/row_index.h"
#include "codegen/schedule/kernel.h"

#include "compiler/dialect.h"
#include "compiler/ops/gather.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

static void generate(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  CalledFunction k(functions.module, symbol);
  mlir::Type byte = k.b.getI8Type();
  Ptr table = k.pointer(byte), indices = k.pointer(k.i64()), y = k.pointer(byte);
  Val rows = k.size(), bytes = k.size(), count = k.size();
  k.ranges(count, grainOf(bytes / 4), [&](Val from, Val to, Ptr) {
    k.loop(from, to, 1, [&](Val i) {
      Val row = clampedRow(indices + i, rows);
      k.copy(y + i * bytes, table + row * bytes, bytes);
    });
  });
}

static std::optional<KernelForm> form(mlir::OpBuilder &, mlir::Operation *op) {
  auto gather = mlir::cast<compiler::GatherOp>(op);
  mlir::RankedTensorType table = typeOf(gather.getTable());
  const int64_t bytes = table.getElementTypeBitWidth() / 8;
  return KernelForm(op->getOperands(),
                    {table.getDimSize(0), product(table.getShape().drop_front()) * bytes,
                     typeOf(gather.getIndices()).getNumElements()});
}

/// Of the table no more than `count` rows can be looked up.
static Work work(llvm::ArrayRef<int64_t> sizes, const KernelSpec &) {
  return {0, max(sizes[0] - sizes[2], 0) * sizes[1]};
}

Kernel kernel_gather() {
  return {.ops = {"kerf.gather"},
          .types = "*, i64 -> *",
          .form = form,
          .work = work,
          .generate = generate};
}

} // namespace kerf::codegen::cpu
