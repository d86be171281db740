// gemm_packed(a, b, c | batch m n k, strides of a: batch m k, of c: batch m): gemm whose b is as
// pack_columns has made it.
#include "codegen/cpu/gemm.h"

namespace kerf::codegen::cpu {

static void generate(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  generateTiledGemm(functions.module, symbol, spec, /*isPacked=*/true);
}

static Scratch scratchFor(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec) {
  return gemmScratch(sizes, spec, /*isPacked=*/true);
}

Kernel kernel_gemm_packed() {
  return {.ops = {}, // gemm makes its calls
          .types = "~T, T -> ~T",
          .elements = {"f32"},
          .scratch = scratchFor,
          .work = gemmWork,
          .generate = generate};
}

} // namespace kerf::codegen::cpu
