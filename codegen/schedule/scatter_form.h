// kerf.scatter_add as kernels take it, on every target.
#pragma once

#include "codegen/schedule/kernel.h"

namespace kerf::codegen {

/// Sizes: rows of the result, elements of a row, updates.
KernelForm scatterForm(mlir::Operation *op);
Work scatterWork(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec);

/// Are these floats, and added in blocks whose sums are added pairwise?
bool addsPairwise(mlir::Operation *op);
bool addsPairwise(mlir::Type element, int64_t rows, int64_t count);

} // namespace kerf::codegen
