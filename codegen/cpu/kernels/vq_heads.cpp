// vq_heads(z, codebook, y, scratch | heads n k d metric): vq of every head, one after another, with
// its n rows and k codes; all of them in the scratch of one.
#include "codegen/cpu/vq_search.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

static void generate(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  const mlir::Type element = spec.element;
  mlir::StringAttr vq = functions.function("vq", spec);
  CalledFunction e(functions.module, symbol);
  Ptr z = e.pointer(element), codebook = e.pointer(element), y = e.pointer(e.i64());
  Ptr scratch = e.pointer();
  Val heads = e.size(), n = e.size(), k = e.size(), d = e.size(), metric = e.size();
  e.loop(0, heads, 1, [&](Val h) {
    e.call(vq,
           {e.kerfCall, z + h * n * d, codebook + h * k * d, y + h * n, scratch, n, k, d, metric});
  });
}

static std::optional<KernelForm> form(mlir::OpBuilder &, mlir::Operation *op) {
  const VqSizes s = vqSizes(op);
  if (s.heads == 1)
    return {};
  return KernelForm(op->getOperands(), {s.heads, s.n, s.k, s.d, int64_t(s.metric)});
}

static Scratch scratchFor(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec) {
  return vqScratch(sizes[1], sizes[2], sizes[3], spec.element);
}

static Work work(llvm::ArrayRef<int64_t> sizes, const KernelSpec &) {
  return {2.0 * sizes[0] * sizes[1] * sizes[2] * sizes[3]};
}

Kernel kernel_vq_heads() {
  return {.ops = {"kerf.vq"},
          .types = "T, T -> i64",
          .elements = {"f32", "f64"},
          .form = form,
          .scratch = scratchFor,
          .work = work,
          .generate = generate};
}

} // namespace kerf::codegen::cpu
