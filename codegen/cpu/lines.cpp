#include "codegen/cpu/lines.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

void forEachLines(CalledFunction &e, Val outer, Val n, Val inner,
                  llvm::function_ref<void(llvm::ArrayRef<Val>, int64_t)> body) {
  auto rows = [&] {
    e.ranges(outer, ceilDiv(grainOf(n), 4) * 4, [&](Val from, Val to, Ptr) {
      Val fours = from + (to - from) / 4 * 4;
      e.loop(from, fours, 4, [&](Val o) {
        Val row = o * n;
        body({row, row + n, row + n * 2, row + n * 3}, 1);
      });
      e.loop(fours, to, 1, [&](Val o) { body(o * n, 1); });
    });
  };
  auto columns = [&] {
    const Val wide = ceilDiv(grainOf(n), 64) * 64; // columns that are worth a task
    Val parts = ceilDiv(inner, wide);
    e.ranges(outer * parts, grainOf(n * min(inner, wide)), [&](Val from, Val to, Ptr) {
      e.loop(from, to, 1, [&](Val number) {
        Val first = number % parts * wide, place = number / parts * n * inner + first;
        e.eights(min(inner - first, wide), [&](Val j, int64_t lanes) { body({place + j}, lanes); });
      });
    });
  };
  e.when(inner == 1, rows, columns);
}

} // namespace kerf::codegen::cpu
