// From kerf ops that were kept for a kernel to calls of kernels.
#pragma once

#include "codegen/backend.h"

namespace kerf::codegen {

/// Every op under `root` that the backend has a kernel for => kerf_schedule.kernel, in the form
/// that the kernel gives its calls. Fails with a diagnostic where no kernel takes an op as it is.
/// Linalg, tensor and kerf_schedule must be loaded.
mlir::LogicalResult convertToKernels(mlir::Operation *root, const Backend &backend);

} // namespace kerf::codegen
