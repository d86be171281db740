// fold_key(key, n, y): child n of a key, pointers to two words, to the i64 n and to two words.
#include "codegen/cpu/philox.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

static void generate(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  CalledFunction k(functions.module, symbol);
  Ptr key = k.pointer(k.i32()), n = k.pointer(k.i64()), y = k.pointer(k.i32());
  Val count = n.load();
  Words words = philox({count & low32, count >> 32, k.index(0), k.index(1)}, keyWord(k, key, 0),
                       keyWord(k, key, 1));
  for (int64_t i = 0; i < 2; ++i)
    (y + i).store(resize(words[i], k.i32()));
}

static std::optional<KernelForm> form(mlir::OpBuilder &, mlir::Operation *op) {
  return KernelForm(op->getOperands(), {});
}

Kernel kernel_fold_key() {
  return {.ops = {"kerf.fold_key"}, .types = "i32, i64 -> i32", .form = form, .generate = generate};
}

} // namespace kerf::codegen::cpu
