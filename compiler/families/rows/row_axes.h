// Which axis of an op's operands and result runs over the rows, for ops that treat every row alike.
#pragma once

#include "compiler/val.h"

#include <optional>

namespace kerf::compiler::rows {

/// -1: the tensor has no axis of rows, every row sees all of it.
inline constexpr int none = -1;

struct Axes {
  llvm::SmallVector<int> operands;
  int result = none;
  bool isSum = false; ///< the result is a sum over rows
};

/// Given that axis `axis` of an operand runs over the rows; nothing if the op mixes rows.
std::optional<Axes> fromOperand(mlir::Operation *op, unsigned operand, int axis);

/// Given that axis `axis` of the result does.
std::optional<Axes> fromResult(mlir::Operation *op, int axis);

} // namespace kerf::compiler::rows
