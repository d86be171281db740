#include "codegen/cpu/row_index.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

Val clampedRow(Ptr index, Val rows) { return min(max(index.load(), 0), rows - 1); }

void zeroInTasks(CalledFunction &k, Ptr y, Val elements) {
  const int64_t bytes = y.element.getIntOrFloatBitWidth() / 8;
  k.ranges(elements, k.index(8 * k.taskWork()),
           [&](Val from, Val to, Ptr) { k.zero(y + from, (to - from) * bytes); });
}
Val lastColumn(Val part, Val width) {
  return select(part + 1 == partsOfRow(width), width, (part + 1) * columnsOfPart);
}

} // namespace kerf::codegen::cpu
