// |e|^2 as users write it: what a tensor of squared lengths is made of.
#pragma once

#include "compiler/match/scaled_view.h"

namespace kerf::compiler::vq {

/// v[k] = factor * |root[k]|^2, k along `axes` of v, which has no other extents, and of the root;
/// all other axes of the root are summed.
std::optional<Traced> squaredLengths(mlir::Value v, llvm::ArrayRef<int64_t> axes);

} // namespace kerf::compiler::vq
