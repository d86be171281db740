// Rows of a table, by an index that may be outside.
#pragma once

#include "codegen/cpu/emit.h"

namespace kerf::codegen::cpu {

/// The row that the index at `index` means: the first or the last where it is outside.
emit::Val clampedRow(emit::Ptr index, emit::Val rows);

} // namespace kerf::codegen::cpu
