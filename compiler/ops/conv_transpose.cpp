#include "compiler/ops/conv_transpose.h"
#include "compiler/oracle/dense.h"
#include "compiler/val.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

LogicalResult ConvTransposeOp::verify() {
  const auto size = getX().getType().getShape();
  return verifyRule(
      *this,
      rule::conv_transpose(shapeOf(getY().getType()), shapeOf(getW().getType()),
                           intsOf(getStride()), intsOf(getPadding()),
                           intsOf(size.drop_front(std::min<size_t>(2, size.size()))))); // C1 to C5
}

/// x = conv(., w)^T y is linear in y and in w: <dx, x> = <y, conv(dx, w)> = <w, conv_filter(dx,
/// y)>.
SmallVector<Value> ConvTransposeOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  const Val dx(builder, getLoc(), cotangents[0]);
  const NamedAttribute geometry[] = {dx.ints("stride", getStride()),
                                     dx.ints("padding", getPadding())};
  return {dx.op("conv", {dx, getW()}, getY().getType(), geometry),
          dx.op("conv_filter", {dx, getY()}, getW().getType(), geometry)};
}

/// y with the zeros around it that the pixels of x see; `padding` is that of the larger y then.
static Literal withZeros(const Literal &y, ArrayRef<int64_t> x, ArrayRef<int64_t> w,
                         ArrayRef<int64_t> strides, SmallVector<int64_t> &padding) {
  SmallVector<int64_t> shape(y.shape()), before;
  for (int axis : {0, 1}) {
    const int64_t stride = strides[axis], kernel = w[2 + axis];
    int64_t &size = shape[2 + axis], &shift = padding[axis];
    const int64_t last = (x[2 + axis] - 1 + shift) / stride;
    before.push_back(std::max<int64_t>(kernel - 1 - shift, 0) / stride);
    size = before[axis] + std::max(size, last + 1);
    shift += before[axis] * stride;
  }
  Literal wider(y.type().clone(shape));
  copyStrided(y.shape(), y, walkAll(y.shape()), wider,
              walkSlice(shape, {0, 0, before[0], before[1]}, {1, 1, 1, 1}));
  return wider;
}

SmallVector<Literal> ConvTransposeOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  const Literal &w = operands[1];
  Literal result(getX().getType()), y = operands[0];
  SmallVector<int64_t> padding(getPadding());
  // Zeros outside of y are terms, too: NaN where a weight is infinite or NaN.
  if (!llvm::all_of(w.floats(), [](double weight) { return std::isfinite(weight); }))
    y = withZeros(y, result.shape(), w.shape(), getStride(), padding);
  forEachTap(result.shape(), w.shape(), y.shape(), getStride(), padding,
             [x = result.floats().data(), y = y.floats().data(), w = w.floats().data()](Tap tap) {
               for (int64_t i = 0; tap.x >= 0 && i < tap.count; ++i)
                 x[tap.x + i * tap.stride] += w[tap.w] * y[tap.y + i];
             });
  roundAll(result, evaluation);
  return {result};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/conv_transpose.cpp.inc"
