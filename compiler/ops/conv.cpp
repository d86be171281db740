#include "compiler/ops/conv.h"
#include "compiler/oracle/dense.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult ConvOp::verify() {
  return verifyRule(*this, rule::conv(shapeOf(getX().getType()), shapeOf(getW().getType()),
                                      intsOf(getStride()), intsOf(getPadding()))); // C1 to C5
}

/// y is linear in x and in w; the adjoints are ops of their own.
SmallVector<Value> ConvOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  const Val dy(builder, getLoc(), cotangents[0]);
  const NamedAttribute geometry[] = {dy.ints("stride", getStride()),
                                     dy.ints("padding", getPadding())};
  return {dy.op("conv_transpose", {dy, getW()}, getX().getType(), geometry),
          dy.op("conv_filter", {getX(), dy}, getW().getType(), geometry)};
}

SmallVector<Literal> ConvOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  const Literal &x = operands[0], &w = operands[1];
  Literal result(getY().getType());
  double *y = result.floats().data();
  forEachTap(x.shape(), w.shape(), result.shape(), getStride(), getPadding(),
             [y, x = x.floats().data(), w = w.floats().data()](Tap tap) {
               for (int64_t i = 0; i < tap.count; ++i)
                 y[tap.y + i] += w[tap.w] * tap.in(x)[i * tap.stride];
             });
  roundAll(result, evaluation);
  return {result};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/conv.cpp.inc"
