#include "codegen/schedule/contract_form.h"

#include "compiler/dialect.h"
#include "compiler/ops/contract.h"
#include "compiler/ops/conv.h"
#include "compiler/ops/conv_filter.h"
#include "compiler/ops/conv_transpose.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen {

// Axes

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

// Convolutions

namespace {
/// x is the image side, w the weights, y what a forward convolution gives; one of them is the
/// result.
struct ConvOperands {
  Value x, w, y;
  ArrayRef<int64_t> stride, padding;
};
} // namespace

static ConvOperands convOperandsOf(Operation *op) {
  return llvm::TypeSwitch<Operation *, ConvOperands>(op)
      .Case<ConvOp, ConvTransposeOp, ConvFilterOp>([](auto conv) {
        return ConvOperands{conv.getX(), conv.getW(), conv.getY(), conv.getStride(),
                            conv.getPadding()};
      });
}

static ConvSizes sizesOf(const ConvOperands &operands) {
  ArrayRef<int64_t> image = typeOf(operands.x).getShape(), filter = typeOf(operands.w).getShape();
  ArrayRef<int64_t> out = typeOf(operands.y).getShape();
  ConvSizes s;
  s.n = image[0], s.c = image[1], s.h = image[2], s.w = image[3];
  s.o = filter[0], s.kh = filter[2], s.kw = filter[3];
  s.sh = operands.stride[0], s.sw = operands.stride[1];
  s.ph = operands.padding[0], s.pw = operands.padding[1];
  s.oh = out[2], s.ow = out[3];
  return s;
}

static bool coversImage(const ConvSizes &s) {
  return s.kh == s.h && s.kw == s.w && s.oh == 1 && s.ow == 1 && s.ph == 0 && s.pw == 0;
}

/// A kernel that covers its image has one output: with the c h w pixels of an image as one axis,
///   y[n, o] = sum_p x[n, p] w[o, p]
/// and so for the adjoints, which would meet one tap of c h w at every pixel otherwise.
static std::optional<Contraction> coveringOf(Operation *op) {
  auto [x, w, y, stride, padding] = convOperandsOf(op);
  const ConvSizes s = sizesOf({x, w, y, stride, padding});
  if (!coversImage(s))
    return {};
  const int64_t pixels = s.c * s.h * s.w;
  const Axis images{s.n, pixels}, outputs{s.o, 1}, one{1, 1};
  if (y == op->getResult(0))
    return {{{x, one, images, {pixels, 1}}, {w, one, {s.o, pixels}, {pixels, 1}}}};
  if (x == op->getResult(0))
    return {{{y, one, {s.n, s.o}, outputs}, {w, one, {pixels, 1}, {s.o, pixels}}}};
  return {{{y, one, outputs, {s.n, s.o}}, {x, one, {pixels, 1}, images}}};
}

std::optional<Contraction> contractionOf(OpBuilder &b, Operation *op) {
  auto contract = dyn_cast<ContractOp>(op);
  if (!contract)
    return coveringOf(op);
  Factor left =
      factorOf(b, op->getLoc(), contract.getA(), contract.getABatch(), contract.getAContract());
  Factor right =
      factorOf(b, op->getLoc(), contract.getB(), contract.getBBatch(), contract.getBContract());
  return {{left, right}};
}

ConvSizes convSizes(ArrayRef<int64_t> s) {
  return {s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8], s[9], s[10], s[11], s[12]};
}

bool convFits(ArrayRef<int64_t> sizes, const KernelSpec &) {
  return !coversImage(convSizes(sizes));
}
bool convTransposeFits(ArrayRef<int64_t> sizes, const KernelSpec &) {
  const ConvSizes s = convSizes(sizes);
  return !coversImage(s) || s.o * s.kh * s.kw <= 256;
}

std::optional<KernelForm> convForm(OpBuilder &, Operation *op) {
  const ConvOperands operands = convOperandsOf(op);
  ConvSizes s = sizesOf(operands);
  if (coversImage(s))
    return {};
  // Over padding alone a sum has terms: zeros, which do not hide a NaN of the filter.
  Value summed = operands.w == op->getResult(0) ? operands.y : operands.w;
  if (typeOf(summed).getNumElements() == 0)
    return KernelForm::zero();
  // The only step that is taken is none: beyond image and kernel all strides are alike.
  if (s.oh == 1)
    s.sh = std::min(s.sh, std::max(s.h + s.ph, s.kh));
  if (s.ow == 1)
    s.sw = std::min(s.sw, std::max(s.w + s.pw, s.kw));
  return KernelForm(op->getOperands(),
                    {s.n, s.c, s.h, s.w, s.o, s.kh, s.kw, s.sh, s.sw, s.ph, s.pw, s.oh, s.ow});
}

Work convWork(ArrayRef<int64_t> sizes, const KernelSpec &) {
  const ConvSizes s = convSizes(sizes);
  return {2.0 * s.n * s.o * s.oh * s.ow * s.c * s.kh * s.kw};
}

} // namespace kerf::codegen
