// The shared kernel functions of an artefact: one generator each, added to a module on demand.
#pragma once

#include "codegen/cpu/kernels/conv.h"

#include "mlir/IR/BuiltinOps.h"

namespace kerf::codegen::cpu {

/// Adds `kerf_kernel_<name>` and what it calls, unless the module has it. False: no such kernel.
/// A kernel takes a pointer per operand, then its sizes as i64. A name may end in an element type
/// (`argmin_f64`); without one it works on f32. Floating-point order is that of "The order of sums"
/// in dsl/guide.md. Contractions, convolutions and scatter_add are not called for a result without
/// elements or a sum without terms.
bool emitKernel(mlir::ModuleOp module, llvm::StringRef name);

/// Operations of one call with these sizes, an FMA counting two, for reports; 0 where data is only
/// moved or drawn.
double flops(llvm::StringRef name, llvm::ArrayRef<int64_t> sizes);

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

/// <name>_<element>: the same four for an element type without a register tile, slower and without
/// scratch.
void emitPlainGemm(mlir::ModuleOp module, mlir::Type element);
void emitPlainConv(mlir::ModuleOp module, mlir::Type element);
void emitPlainConvTranspose(mlir::ModuleOp module, mlir::Type element);
void emitPlainConvFilter(mlir::ModuleOp module, mlir::Type element);

/// argmin(x, y | outer n inner): y[o, j] is the i64 index of the smallest x[o, i, j]; the lowest
/// wins a tie, a NaN is smaller than any number. n >= 1.
void emitArgmin(mlir::ModuleOp module, mlir::Type element);
/// top_k(x, y | rows n k): y[r, j], j < k <= n, is the i64 index of the element of rank j in row r
/// of x, the largest first; equal ones by index, NaN before every number. O(n log k) steps a row.
void emitTopK(mlir::ModuleOp module, mlir::Type element);
/// gather(table, indices, y | rows bytes count): y's row i is the table's row indices[i], clamped;
/// a row has this many bytes.
void emitGather(mlir::ModuleOp module);
/// scatter_add(updates, indices, y | rows width count): from zero, y's row indices[i], clamped,
/// grows by row i of the updates, i ascending.
void emitScatterAdd(mlir::ModuleOp module, mlir::Type element);
/// scatter_add_pairwise(updates, indices, y, scratch | rows width count): the same of floats, a
/// row's terms in blocks whose sums are added pairwise.
void emitPairwiseScatterAdd(mlir::ModuleOp module, mlir::Type element);
int64_t pairwiseScatterAddScratchBytes(int64_t rows, int64_t width, int64_t count,
                                       mlir::Type element);

/// How a code is scored against a row z; the least score wins.
enum class VqMetric : int64_t {
  l2,    ///< |e|^2 - 2 z.e, the squared distance less |z|^2, z and e less the center of the codes
  dot,   ///< -z.e
  cosine ///< -z.u, u = e / max(|e|, 1e-12)
};
/// vq(z, codebook, y, scratch | n k d metric): y[i], i < n, is the i64 index of the code with the
/// least score, by argmin's rule. |e|^2 is summed as a reduction along memory is, z.e as a
/// contraction, so that scores are those of the separate ops. k < 2^31.
void emitVq(mlir::ModuleOp module);
int64_t vqScratchBytes(int64_t n, int64_t k, int64_t d);
void emitPlainVq(mlir::ModuleOp module, mlir::Type element);
int64_t plainVqScratchBytes(int64_t k, int64_t d, mlir::Type element);
/// vq_heads(z, codebook, y, scratch | heads n k d metric): vq of every head, with its n rows and k
/// codes; all of them in the scratch of one.
void emitVqHeads(mlir::ModuleOp module, mlir::Type element);

/// vq_sampled(z, codebook, key, offset, t, y, scratch | n k d metric least): vq's scores less t
/// times Gumbel noise, -log(-log(max(u, least))) of uniform i k + j for row i and code j; `least`
/// is given by the bits of an f32.
void emitVqSampled(mlir::ModuleOp module);
int64_t vqSampledScratchBytes(int64_t n, int64_t k, int64_t d);

/// uniform(key, offset, y | count) and normal(key, offset, y | count), on pointers to the key's two
/// words and the i64 offset; fold_key(key, n, y).
void emitUniform(mlir::ModuleOp module);
void emitNormal(mlir::ModuleOp module);
void emitFoldKey(mlir::ModuleOp module);

} // namespace kerf::codegen::cpu
