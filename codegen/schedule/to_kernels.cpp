#include "codegen/schedule/to_kernels.h"
#include "codegen/cpu/pairwise.h"
#include "codegen/schedule/kernel.h"
#include "codegen/schedule/kernel_op.h"

#include "compiler/dialect.h"
#include "compiler/ops/argmin.h"
#include "compiler/ops/contract.h"
#include "compiler/ops/conv.h"
#include "compiler/ops/conv_filter.h"
#include "compiler/ops/conv_transpose.h"
#include "compiler/ops/fold_key.h"
#include "compiler/ops/gather.h"
#include "compiler/ops/normal.h"
#include "compiler/ops/scatter_add.h"
#include "compiler/ops/top_k.h"
#include "compiler/ops/uniform.h"
#include "compiler/ops/vq.h"
#include "compiler/ops/vq_sampled.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/TypeSwitch.h"

#include <numeric>

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen::cpu {

static RankedTensorType typeOf(Value x) { return cast<RankedTensorType>(x.getType()); }
static int64_t product(ArrayRef<int64_t> extents) {
  return std::accumulate(extents.begin(), extents.end(), int64_t(1), std::multiplies<>());
}

/// The kernel's name for this element type; f32 is not written.
static std::string named(StringRef name, Type element) {
  std::string result = name.str();
  if (!element.isF32())
    llvm::raw_string_ostream(result) << '_' << element;
  return result;
}

/// The result of kernel `name` in a tensor of type `type`, with `scratch` bytes beside it if any.
static Value call(OpBuilder &b, Location location, StringRef name, ValueRange inputs,
                  RankedTensorType type, ArrayRef<int64_t> sizes, int64_t scratch = 0) {
  SmallVector<Value> inits;
  auto add = [&](ArrayRef<int64_t> shape, Type element) {
    inits.push_back(tensor::EmptyOp::create(b, location, shape, element));
  };
  add(type.getShape(), type.getElementType());
  if (scratch)
    add({scratch}, b.getI8Type());
  return KernelOp::create(b, location, ValueRange(inits).getTypes(), name, inputs, inits, sizes)
      .getResult(0);
}

// Contraction

namespace {
/// Axes walked as one.
struct Axis {
  int64_t size, stride;
};
} // namespace

static SmallVector<int64_t> rowMajorStrides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (int64_t i = int64_t(shape.size()) - 2; i >= 0; --i)
    strides[i] = strides[i + 1] * shape[i + 1];
  return strides;
}

/// `axes` of a row-major tensor, in this order, as one axis; null if there is no one stride.
static std::optional<Axis> collapse(ArrayRef<int64_t> shape, ArrayRef<int64_t> axes) {
  SmallVector<int64_t> strides = rowMajorStrides(shape);
  std::optional<Axis> all;
  for (int64_t axis : llvm::reverse(axes)) {
    if (shape[axis] == 1)
      continue;
    if (!all)
      all = Axis{shape[axis], strides[axis]};
    else if (strides[axis] == all->size * all->stride)
      all->size *= shape[axis];
    else
      return {};
  }
  return all.value_or(Axis{1, 1});
}

namespace {
/// An operand as the matmul sees it.
struct Factor {
  Value x;
  Axis batch, free, contracted;
};
} // namespace

static Factor factorOf(OpBuilder &b, Location location, Value x, ArrayRef<int64_t> batch,
                       ArrayRef<int64_t> contracted) {
  ArrayRef<int64_t> shape = typeOf(x).getShape();
  SmallVector<int64_t> free;
  for (int64_t i = 0, rank = shape.size(); i < rank; ++i)
    if (!llvm::is_contained(batch, i) && !llvm::is_contained(contracted, i))
      free.push_back(i);
  auto n = collapse(shape, batch), i = collapse(shape, free), k = collapse(shape, contracted);
  if (n && i && k)
    return {x, *n, *i, *k};
  SmallVector<int64_t> order(batch), extents;
  llvm::append_range(order, free);
  llvm::append_range(order, contracted);
  for (int64_t axis : order)
    extents.push_back(shape[axis]);
  Value empty = tensor::EmptyOp::create(b, location, extents, typeOf(x).getElementType());
  auto sorted = linalg::TransposeOp::create(b, location, x, empty, order);
  auto first = llvm::seq<int64_t>(0, batch.size()),
       last = llvm::seq<int64_t>(order.size() - contracted.size(), order.size());
  return factorOf(b, location, sorted->getResult(0), llvm::to_vector(first), llvm::to_vector(last));
}

/// y[n, i, j] = sum_k a[n, i, k] b[n, k, j]
static Value callGemm(OpBuilder &builder, Location location, Factor a, Factor b,
                      RankedTensorType type) {
  // A matrix times a vector is a vector times a matrix: one padded row, not one padded column.
  if (b.free.size == 1)
    std::swap(a, b);
  int64_t m = a.free.size, n = b.free.size, k = a.contracted.size;
  Type element = type.getElementType();
  return call(builder, location, named("gemm", element), {a.x, b.x}, type,
              {a.batch.size, m, n, k, a.batch.stride, a.free.stride, a.contracted.stride,
               b.batch.stride, b.contracted.stride, b.free.stride, m * n, n},
              element.isF32() ? gemmScratchBytes(m, n, k) : 0);
}

static Value convert(OpBuilder &builder, ContractOp op) {
  Location location = op.getLoc();
  Factor a = factorOf(builder, location, op.getA(), op.getABatch(), op.getAContract());
  Factor b = factorOf(builder, location, op.getB(), op.getBBatch(), op.getBContract());
  return callGemm(builder, location, a, b, op.getY().getType());
}

// Convolutions: x is the image side, w the weights, y what a forward convolution gives.

/// A kernel that covers its image has one output: with the c h w pixels of an image as one axis,
///   y[n, o] = sum_p x[n, p] w[o, p]
/// and so for the adjoints, which would meet one tap of c h w at every pixel otherwise.
static Value convertCovering(OpBuilder &builder, Operation *op, Value x, Value w, Value y) {
  ArrayRef<int64_t> image = typeOf(x).getShape();
  const int64_t n = image[0], o = typeOf(w).getShape()[0], pixels = product(image.drop_front());
  const Axis images{n, pixels}, outputs{o, 1}, one{1, 1};
  Factor a, b;
  if (y == op->getResult(0))
    a = {x, one, images, {pixels, 1}}, b = {w, one, {o, pixels}, {pixels, 1}};
  else if (x == op->getResult(0))
    a = {y, one, {n, o}, outputs}, b = {w, one, {pixels, 1}, {o, pixels}};
  else
    a = {y, one, outputs, {n, o}}, b = {x, one, {pixels, 1}, images};
  return callGemm(builder, op->getLoc(), a, b, typeOf(op->getResult(0)));
}

template <class Op>
static Value convertConv(OpBuilder &builder, Op op, StringRef name, Value x, Value w, Value y,
                         int64_t (*scratchBytes)(const ConvSizes &)) {
  ArrayRef<int64_t> image = typeOf(x).getShape(), filter = typeOf(w).getShape();
  ArrayRef<int64_t> out = typeOf(y).getShape();
  ConvSizes s;
  s.n = image[0], s.c = image[1], s.h = image[2], s.w = image[3];
  s.o = filter[0], s.kh = filter[2], s.kw = filter[3];
  s.sh = op.getStride()[0], s.sw = op.getStride()[1];
  s.ph = op.getPadding()[0], s.pw = op.getPadding()[1];
  s.oh = out[2], s.ow = out[3];
  if (s.kh == s.h && s.kw == s.w && s.oh == 1 && s.ow == 1 && s.ph == 0 && s.pw == 0)
    return convertCovering(builder, op, x, w, y);
  // The only step that is taken is none: beyond image and kernel all strides are alike.
  if (s.oh == 1)
    s.sh = std::min(s.sh, std::max(s.h + s.ph, s.kh));
  if (s.ow == 1)
    s.sw = std::min(s.sw, std::max(s.w + s.pw, s.kw));
  RankedTensorType type = typeOf(op->getResult(0));
  Type element = type.getElementType();
  return call(builder, op.getLoc(), named(name, element), op->getOperands(), type,
              {s.n, s.c, s.h, s.w, s.o, s.kh, s.kw, s.sh, s.sw, s.ph, s.pw, s.oh, s.ow},
              element.isF32() ? scratchBytes(s) : 0);
}
static Value convert(OpBuilder &b, ConvOp op) {
  return convertConv(b, op, "conv", op.getX(), op.getW(), op.getY(), convScratchBytes);
}
static Value convert(OpBuilder &b, ConvTransposeOp op) {
  return convertConv(b, op, "conv_transpose", op.getX(), op.getW(), op.getY(),
                     convTransposeScratchBytes);
}
static Value convert(OpBuilder &b, ConvFilterOp op) {
  return convertConv(b, op, "conv_filter", op.getX(), op.getW(), op.getY(), convFilterScratchBytes);
}

// Rows and indices

static Value convert(OpBuilder &b, ArgminOp op) {
  ArrayRef<int64_t> shape = typeOf(op.getX()).getShape();
  int64_t axis = op.getAxis();
  return call(b, op.getLoc(), named("argmin", typeOf(op.getX()).getElementType()), op.getX(),
              typeOf(op.getY()),
              {product(shape.take_front(axis)), shape[axis], product(shape.drop_front(axis + 1))});
}

static Value convert(OpBuilder &b, TopKOp op) {
  RankedTensorType type = typeOf(op.getX());
  return call(b, op.getLoc(), named("top_k", type.getElementType()), op.getX(), typeOf(op.getY()),
              {product(type.getShape().drop_back()), type.getShape().back(), int64_t(op.getK())});
}

static Value convert(OpBuilder &b, VqOp op) {
  RankedTensorType codebook = typeOf(op.getCodebook());
  Type element = codebook.getElementType();
  const int64_t heads = product(codebook.getShape().drop_back(2));
  const int64_t n = typeOf(op.getCodes()).getNumElements() / std::max<int64_t>(heads, 1);
  const int64_t k = codebook.getShape().drop_back().back(), d = codebook.getShape().back();
  VqMetric metric = llvm::StringSwitch<VqMetric>(op.getMetric())
                        .Case("l2", VqMetric::l2)
                        .Case("dot", VqMetric::dot)
                        .Case("cosine", VqMetric::cosine);
  SmallVector<int64_t> sizes = {n, k, d, int64_t(metric)};
  if (heads != 1)
    sizes.insert(sizes.begin(), heads);
  return call(b, op.getLoc(), named(heads == 1 ? "vq" : "vq_heads", element), op->getOperands(),
              typeOf(op.getCodes()), sizes,
              element.isF32() ? vqScratchBytes(n, k, d) : plainVqScratchBytes(k, d, element));
}

static Value convert(OpBuilder &b, VqSampledOp op) {
  const int64_t n = typeOf(op.getCodes()).getNumElements();
  const int64_t k = typeOf(op.getCodebook()).getDimSize(0),
                d = typeOf(op.getCodebook()).getDimSize(1);
  const VqMetric metric = op.getMetric() == "l2" ? VqMetric::l2 : VqMetric::dot;
  const float least = op.getLeast().convertToDouble();
  return call(b, op.getLoc(), "vq_sampled", op->getOperands(), typeOf(op.getCodes()),
              {n, k, d, int64_t(metric), llvm::bit_cast<int32_t>(least)},
              vqSampledScratchBytes(n, k, d));
}

/// The elements of one row of a table.
static int64_t rowElements(Value table) { return product(typeOf(table).getShape().drop_front()); }

static Value convert(OpBuilder &b, GatherOp op) {
  RankedTensorType table = typeOf(op.getTable());
  int64_t bytes = table.getElementTypeBitWidth() / 8;
  return call(b, op.getLoc(), "gather", op->getOperands(), typeOf(op.getY()),
              {table.getDimSize(0), rowElements(op.getTable()) * bytes,
               typeOf(op.getIndices()).getNumElements()});
}
/// Are rows so few that a long sum is to be expected, and the sums that wait take no more than a
/// quarter of the updates' memory? "The order of sums" in dsl/guide.md.
static bool isPairwise(int64_t rows, int64_t count) {
  return count > blockTerms && rows <= count / 4 / pairwiseLevels(count / blockTerms);
}

static Value convert(OpBuilder &b, ScatterAddOp op) {
  RankedTensorType type = typeOf(op.getY());
  Type element = type.getElementType();
  const int64_t rows = type.getDimSize(0), width = rowElements(op.getY());
  const int64_t count = typeOf(op.getIndices()).getNumElements();
  const bool pairwise = isa<FloatType>(element) && isPairwise(rows, count);
  return call(b, op.getLoc(), named(pairwise ? "scatter_add_pairwise" : "scatter_add", element),
              op->getOperands(), type, {rows, width, count},
              pairwise ? pairwiseScatterAddScratchBytes(rows, width, count, element) : 0);
}

// Draws

static Value convert(OpBuilder &b, UniformOp op) {
  RankedTensorType type = typeOf(op.getY());
  return call(b, op.getLoc(), "uniform", op->getOperands(), type, {type.getNumElements()});
}
static Value convert(OpBuilder &b, NormalOp op) {
  RankedTensorType type = typeOf(op.getY());
  return call(b, op.getLoc(), "normal", op->getOperands(), type, {type.getNumElements()});
}
static Value convert(OpBuilder &b, FoldKeyOp op) {
  return call(b, op.getLoc(), "fold_key", op->getOperands(), typeOf(op.getY()), {});
}

// Nothing to do

/// Is every element of op's result a sum of no terms? A convolution over padding alone has terms:
/// zeros, which do not hide a NaN of the filter.
static bool hasNoTerms(Operation *op) {
  auto empty = [](ArrayRef<int64_t> extents) { return llvm::is_contained(extents, 0); };
  auto shape = [](Value x) { return typeOf(x).getShape(); };
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case([&](ContractOp op) { return empty(shape(op.getA())); })
      .Case([&](ConvOp op) { return empty(shape(op.getW())); })
      .Case([&](ConvTransposeOp op) { return empty(shape(op.getW())); })
      .Case([&](ConvFilterOp op) { return empty(shape(op.getY())); })
      .Case([&](ScatterAddOp op) { return empty(shape(op.getUpdates())); })
      .Default(false);
}

/// The result of an op for which no kernel has to run; null if one has to.
static Value withoutKernel(OpBuilder &b, Operation *op) {
  RankedTensorType type = typeOf(op->getResult(0));
  const bool isEmpty = type.getNumElements() == 0;
  if (!isEmpty && !hasNoTerms(op))
    return {};
  Value result = tensor::EmptyOp::create(b, op->getLoc(), type.getShape(), type.getElementType());
  if (isEmpty)
    return result;
  Value zero = arith::ConstantOp::create(b, op->getLoc(), b.getZeroAttr(type.getElementType()));
  return linalg::FillOp::create(b, op->getLoc(), zero, result).getResult(0);
}

void convertToKernels(Operation *root) {
  SmallVector<Operation *> kept;
  root->walk([&](Operation *op) {
    if (isa<ContractOp, ConvOp, ConvTransposeOp, ConvFilterOp, ArgminOp, TopKOp, VqOp, VqSampledOp,
            GatherOp, ScatterAddOp, UniformOp, NormalOp, FoldKeyOp>(op))
      kept.push_back(op);
  });
  IRRewriter rewriter(root->getContext());
  for (Operation *op : kept) {
    rewriter.setInsertionPoint(op);
    Value y = withoutKernel(rewriter, op);
    if (!y)
      y = llvm::TypeSwitch<Operation *, Value>(op)
              .Case<ContractOp, ConvOp, ConvTransposeOp, ConvFilterOp, ArgminOp, TopKOp, VqOp,
                    VqSampledOp, GatherOp, ScatterAddOp, UniformOp, NormalOp, FoldKeyOp>(
                  [&](auto kernel) { return convert(rewriter, kernel); });
    rewriter.replaceOp(op, y);
  }
}

} // namespace kerf::codegen::cpu
