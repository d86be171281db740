// Cotangents of the parts of a tensor, as one tensor.
#pragma once

#include "mlir/IR/Block.h"

namespace kerf::compiler {

/// pad(a, …) + pad(b, …) + …  =>  concat(a, b, …), zeros where no part is, for parts that do not
/// overlap along one axis: what the vjps of slices make. A sum would fill and read all of it for
/// each part. -0 stays -0.
void joinParts(mlir::Block &block);

} // namespace kerf::compiler
