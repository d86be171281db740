// Where rows are in the tensors of an op that treats them alike: what `Rowwise` ops answer by.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>

namespace kerf::compiler {

/// The tensor has no axis of rows: every row sees all of it.
inline constexpr int noRows = -1;

struct RowAxes {
  llvm::SmallVector<int> operands;
  int result = noRows;
  bool isSum = false; ///< the result is a sum over rows
};

/// Of an op of one operand; nothing if a side has no such axis.
inline std::optional<RowAxes> rowAxes(int operand, int result) {
  if (operand == noRows || result == noRows)
    return {};
  return RowAxes{{operand}, result};
}

/// The place of `x` in `list`; `noRows` if it is not there.
inline int placeIn(llvm::ArrayRef<int64_t> list, int64_t x) {
  const auto *found = llvm::find(list, x);
  return found == list.end() ? noRows : int(found - list.begin());
}

/// Axis `axis` of a tensor, when its axes `dropped` are gone.
inline int afterDropping(llvm::ArrayRef<int64_t> dropped, int axis) {
  return axis - int(llvm::count_if(dropped, [&](int64_t x) { return x < axis; }));
}
/// The way back; `dropped` ascend.
inline int beforeDropping(llvm::ArrayRef<int64_t> dropped, int axis) {
  for (int64_t x : dropped)
    axis += x <= axis;
  return axis;
}

} // namespace kerf::compiler
