// normal(key, offset, y | count): standard normal numbers, of a pair of words each [Box 1958].
#include "codegen/cpu/math.h"
#include "codegen/cpu/philox.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

static void generate(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  auto draw = [](const Words &w) {
    Words y;
    for (int pair = 0; pair < 4; pair += 2) {
      Val u = toFloat((w[pair] >> 8) + 1, w[pair].emit->f32()) * 0x1p-24;
      Val radius = sqrt(logOfNormal(u) * -2.0);
      SinCos angle = sinCosOfTurn(w[pair + 1] >> 8);
      y[pair] = radius * angle.cos;
      y[pair + 1] = radius * angle.sin;
    }
    return y;
  };
  generateDraw(functions.module, symbol, drawFunction(functions.module, "kerf_draw_normal", draw));
}

Kernel kernel_normal() {
  return {
      .ops = {"kerf.normal"}, .types = "i32, i64 -> f32", .form = drawForm, .generate = generate};
}

} // namespace kerf::codegen::cpu
