#include "compiler/ops/conv_filter.h"
#include "compiler/oracle/dense.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult ConvFilterOp::verify() {
  const auto size = getW().getType().getShape();
  return verifyRule(
      *this,
      rule::conv_filter(shapeOf(getX().getType()), shapeOf(getY().getType()), intsOf(getStride()),
                        intsOf(getPadding()),
                        intsOf(size.drop_front(std::min<size_t>(2, size.size()))))); // C1 to C5
}

/// w = conv(x, .)^T y is linear in x and in y: <dw, w> = <y, conv(x, dw)> = <x, conv_transpose(y,
/// dw)>.
SmallVector<Value> ConvFilterOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  const Val dw(builder, getLoc(), cotangents[0]);
  const NamedAttribute geometry[] = {dw.ints("stride", getStride()),
                                     dw.ints("padding", getPadding())};
  return {dw.op("conv_transpose", {getY(), dw}, getX().getType(), geometry),
          dw.op("conv", {getX(), dw}, getY().getType(), geometry)};
}

SmallVector<Literal> ConvFilterOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  const Literal &x = operands[0], &y = operands[1];
  Literal result(getW().getType());
  double *w = result.floats().data();
  forEachTap(x.shape(), result.shape(), y.shape(), getStride(), getPadding(),
             [w, x = x.floats().data(), y = y.floats().data()](Tap tap) {
               for (int64_t i = 0; i < tap.count; ++i)
                 w[tap.w] += y[tap.y + i] * tap.in(x)[i * tap.stride];
             });
  roundAll(result, evaluation);
  return {result};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/conv_filter.cpp.inc"
