// Warnings of gradients that are zero, where nothing in the program says that it is meant.
#pragma once

#include "compiler/ops/value_and_grad.h"

namespace kerf::compiler {

/// Warns of parameters that reach the loss only through integers, and of a loss that is made of no
/// parameter. `hasGradient[i]`: something flows to parameter i.
void warnOfLostGradients(ValueAndGradOp op, llvm::ArrayRef<bool> hasGradient);

} // namespace kerf::compiler
