// The nearest codes of several heads, one after another: each has a codebook of its own.
#include "codegen/schedule/kernel.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

void emitVqHeads(mlir::ModuleOp module, mlir::Type element) {
  std::string suffix;
  if (!element.isF32())
    llvm::raw_string_ostream(suffix) << '_' << element;
  emitKernel(module, "vq" + suffix);

  Function e(module, "kerf_kernel_vq_heads" + suffix);
  Ptr z = e.pointer(element), codebook = e.pointer(element), y = e.pointer(e.i64());
  Ptr scratch = e.pointer();
  Val heads = e.size(), n = e.size(), k = e.size(), d = e.size(), metric = e.size();
  e.loop(0, heads, 1, [&](Val h) {
    e.call("kerf_kernel_vq" + suffix,
           {z + h * n * d, codebook + h * k * d, y + h * n, scratch, n, k, d, metric});
  });
}

} // namespace kerf::codegen::cpu
