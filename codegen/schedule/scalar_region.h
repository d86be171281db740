// Regions of fused ops, which hold kerf ops on tensors without axes, as code on scalars.
#pragma once

#include "mlir/IR/Region.h"
#include "mlir/Support/LLVM.h"

namespace kerf::codegen {

/// Arguments and ops of `region` => scalars, arith and math, ending in kerf_schedule.yield. An
/// empty region stays empty, scalar code as it is. A division of integers by a positive constant,
/// rounded down, is one arith.floordivsi. Fails with a diagnostic at what is no op of elements.
mlir::LogicalResult makeScalar(mlir::Region &region);

} // namespace kerf::codegen
