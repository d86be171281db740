// pack_columns(b, y | batch k n, strides of b: batch k n): the columns of matrices as gemm_packed
// reads them, panels of 16 in blocks of 256 rows; narrow elements are widened. The last panel is
// filled up with zeros.
#include "codegen/cpu/gemm.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

static void generate(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  const std::string pack = packColumnsFunction(functions.module, spec.heldBy(0));
  CalledFunction e(functions.module, symbol);
  Ptr b = e.pointer(e.f32(), spec.heldBy(0)), y = e.pointer();
  Val batch = e.size(), k = e.size(), n = e.size();
  Val bBatch = e.size(), bK = e.size(), bColumn = e.size();
  Val blocks = ceilDiv(k, blockDepth), panels = ceilDiv(n, tileColumns);
  e.ranges(batch * blocks * panels, grainOf(min(k, blockDepth) * tileColumns),
           [&](Val from, Val to, Ptr) {
             e.loop(from, to, 1, [&](Val number) {
               Val s = number / panels / blocks, p = number / panels % blocks * blockDepth;
               Val j = number % panels * tileColumns, depth = min(k - p, blockDepth);
               e.call(pack, {y + s * k * packedWidth(n) + packedPlace(n, p, j, depth),
                             b + s * bBatch + p * bK + j * bColumn, min(n - j, tileColumns), depth,
                             bK, bColumn});
             });
           });
}

Kernel kernel_pack_columns() {
  return {.ops = {}, // gemm makes its calls
          .types = "~T -> T",
          .elements = {"f32"},
          .generate = generate};
}

} // namespace kerf::codegen::cpu
