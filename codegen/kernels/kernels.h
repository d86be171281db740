// The shared kernel functions of an artefact: one generator each, added to a module on demand.
#pragma once

#include "kernels/conv.h"

#include "mlir/IR/BuiltinOps.h"

namespace kerf::kernels {

/// Adds `kerf_kernel_<name>` and what it calls, unless the module has it. False: no such kernel.
/// A kernel takes a pointer per operand, then its sizes as i64; every size may be any number >= 0
/// unless said otherwise. Floating-point order is that of design.md, section 5.
bool emitKernel(mlir::ModuleOp module, llvm::StringRef name);

/// Floating-point operations of one call with these sizes, for reports; 0 where data is only moved.
double kernelFlops(llvm::StringRef name, llvm::ArrayRef<int64_t> sizes);

// Generators. Each writes the function that its comment shows.

/// gemm(a, b, c, scratch | batch m n k, strides of a: batch m k, of b: batch k n, of c: batch m):
/// c[s, i, j] = sum_k a[s, i, k] b[s, k, j], all strides in elements, c's columns adjacent.
void emitGemm(mlir::ModuleOp module);
int64_t gemmScratchBytes(int64_t m, int64_t n, int64_t k);

/// All three convolution kernels take these sizes, in this order.
using ConvSizes = Conv<int64_t>;
/// conv(x, weights, y, scratch | sizes): y[n, o, i, j] = sum of weights[o, c, r, q] x[n, c, i sh +
/// r - ph, j sw + q - pw] over (r, q, c) in this order, x being zero outside.
void emitConv(mlir::ModuleOp module);
int64_t convScratchBytes(const ConvSizes &sizes);
/// conv_transpose(y, weights, x, scratch | sizes): its adjoint in x, a sum over the (r, q, o) that
/// reach the pixel; taps that fall between the strides do not count as terms.
void emitConvTranspose(mlir::ModuleOp module);
int64_t convTransposeScratchBytes(const ConvSizes &sizes);
/// conv_filter(x, y, weights, scratch | sizes): its adjoint in the weights, a sum over (n, i, j).
void emitConvFilter(mlir::ModuleOp module);
int64_t convFilterScratchBytes(const ConvSizes &sizes);

} // namespace kerf::kernels
