// Contractions of element types that have no register tile: one output at a time, in the tile's
// order.
#pragma once

#include "codegen/cpu/emit.h"

#include <array>

namespace kerf::codegen::cpu {

/// Where the sums of groups of one output wait.
emit::Ptr waitingPlaces(emit::Function &k, mlir::Type element);

using Factors = std::pair<emit::Val, emit::Val>;
/// sum of a(p) b(p), p < depth, number by number: what the register tile gives for one output.
/// `waiting` has 64 elements, `factors` gives a(p) and b(p).
emit::Val sumOfProducts(emit::Function &k, emit::Ptr waiting, emit::Val depth,
                        llvm::function_ref<Factors(emit::Val)> factors);

/// p if i is in [0, size) and j in [0, width), otherwise 0.
emit::Val inside(emit::Function &k, emit::Val i, emit::Val size, emit::Val j, emit::Val width,
                 llvm::function_ref<emit::Ptr()> p);

/// sum(i, j, k, l, waiting) for each output below the extents, a sum of `depth` terms, in tasks.
void forEachOutput(
    emit::CalledFunction &e, std::array<emit::Val, 4> to, emit::Val depth, mlir::Type element,
    llvm::function_ref<void(emit::Val, emit::Val, emit::Val, emit::Val, emit::Ptr)> sum);

/// Where a tensor of four axes has its elements.
struct Places4 {
  emit::Ptr base;
  emit::Val channels, height, width;
  emit::Ptr operator()(emit::Val n, emit::Val c, emit::Val i, emit::Val j) const {
    return base + (((n * channels + c) * height + i) * width + j);
  }
};

} // namespace kerf::codegen::cpu
