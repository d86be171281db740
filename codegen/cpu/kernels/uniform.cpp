// uniform(key, offset, y | count): numbers in [0, 1), of one word each.
#include "codegen/cpu/philox.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

static void generate(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  generateDraw(functions.module, symbol, uniformFunction(functions.module));
}

Kernel kernel_uniform() {
  return {
      .ops = {"kerf.uniform"}, .types = "i32, i64 -> f32", .form = drawForm, .generate = generate};
}

} // namespace kerf::codegen::cpu
