// Rows of a table, by an index that may be outside.
#pragma once

#include "codegen/cpu/emit.h"

namespace kerf::codegen::cpu {

/// The row that the index at `index` means: the first or the last where it is outside.
emit::Val clampedRow(emit::Ptr index, emit::Val rows);

/// Tasks of a scatter-add: each has so many columns, the last what is left. To find its row anew
/// for every part costs a tenth of adding that many.
constexpr int64_t columnsOfPart = 512;
template <class T> T partsOfRow(T width) { return emit::max(width / columnsOfPart, 1); }
emit::Val lastColumn(emit::Val part, emit::Val width);
void zeroInTasks(emit::CalledFunction &k, emit::Ptr y, emit::Val elements);

} // namespace kerf::codegen::cpu
