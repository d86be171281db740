#include "codegen/cpu/row_index.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

Val clampedRow(Ptr index, Val rows) { return min(max(index.load(), 0), rows - 1); }

} // namespace kerf::codegen::cpu
