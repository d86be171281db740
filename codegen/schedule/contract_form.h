// Contractions and convolutions as kernels take them, on every target.
#pragma once

#include "codegen/schedule/kernel.h"

namespace kerf::codegen {

/// Axes walked as one.
struct Axis {
  int64_t size, stride;
};

/// An operand as a matmul sees it.
struct Factor {
  mlir::Value x;
  Axis batch, free, contracted;
};

/// y[n, i, j] = sum_k a[n, i, k] b[n, k, j], y compact.
struct Contraction {
  Factor a, b;
};

/// What `op` contracts: a kerf.contract, or a convolution or an adjoint of one whose kernel covers
/// its image. An operand is transposed where its axes do not collapse to batch, free and contracted
/// ones with one stride each. None if it is another convolution.
std::optional<Contraction> contractionOf(mlir::OpBuilder &b, mlir::Operation *op);

/// x is n c h w, the weights o c kh kw, y is n o oh ow with oh = (h + 2 ph - kh) / sh + 1. Numbers,
/// or values of a kernel.
template <class T> struct Conv {
  T n, c, h, w, o, kh, kw, sh, sw, ph, pw, oh, ow;
};
using ConvSizes = Conv<int64_t>;
/// From the sizes of a call, which are those of a Conv, in its order.
ConvSizes convSizes(llvm::ArrayRef<int64_t> sizes);

/// The form of a convolution or an adjoint of one; none if its kernel covers its image: then it is
/// a contraction.
std::optional<KernelForm> convForm(mlir::OpBuilder &b, mlir::Operation *op);
/// Does a call with these sizes add as the form of the op would that has them? A kernel that covers
/// its image adds in another order, and so does the adjoint in images where terms are several
/// blocks.
bool convFits(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec);
bool convTransposeFits(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec);
Work convWork(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec);

} // namespace kerf::codegen
