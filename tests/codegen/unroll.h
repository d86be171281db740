// Loops as the ops of their iterations, one after the other, and both branches of choices: what
// these and their derivatives are compared with.
#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace kerf::codegen {

/// Replaces every scan of a function by its iterations, every cond by its branches; those that do
/// not run are computed and not chosen.
void unroll(mlir::func::FuncOp function);

} // namespace kerf::codegen
