// From kerf ops that were kept for a kernel to calls of kernels.
#pragma once

#include "mlir/IR/Operation.h"

namespace kerf::codegen::cpu {

/// Every contract, conv, conv_transpose, conv_filter, argmin, vq, gather, scatter_add, uniform,
/// normal and fold_key under `root` => kerf_cpu.kernel. A contraction gets a linalg.transpose where
/// an operand's axes do not collapse to batch, free and contracted ones with one stride each.
/// Linalg, tensor and kerf_cpu must be loaded.
void convertToKernels(mlir::Operation *root);

} // namespace kerf::codegen::cpu
