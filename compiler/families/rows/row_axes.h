// Where rows are in the tensors of any op: what `Rowwise` says of it, or its facts.
#pragma once

#include "compiler/dialect.h"

namespace kerf::compiler::rows {

/// Given that axis `axis` of an operand runs over the rows; nothing if the op mixes rows.
std::optional<RowAxes> fromOperand(mlir::Operation *op, unsigned operand, int axis);

/// Given that axis `axis` of the result does.
std::optional<RowAxes> fromResult(mlir::Operation *op, int axis);

/// Do the slices along `axis` lie one behind another in memory, as words of a draw do in its
/// stream?
bool isOutermost(llvm::ArrayRef<int64_t> shape, int axis);

} // namespace kerf::compiler::rows
