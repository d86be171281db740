#include "compiler/ops/log_softmax.h"
#include "compiler/val.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

LogicalResult LogSoftmaxOp::verify() {
  return verifyRule(*this, rule::along(shapeOf(getX().getType()), getAxis())); // C1
}

/// What has no axis `axis`, beside each element along it.
static Val along(Val x, ArrayRef<int64_t> shape, int64_t axis) {
  return broadcast(x, shape, otherAxes(shape.size(), axis));
}

/// With p = softmax(x), dx = dy - p sum(dy) = (1 - p) dy - p (sum(dy) - dy). p is made of x: e^y
/// has the rounding of y, which is large where p is small.
SmallVector<Value> LogSoftmaxOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  const int64_t axis = getAxis();
  auto [x, y, g] = vals(builder, getLoc(), getX(), getY(), cotangents[0]);
  Val most = x.op("max", x.value, x.type().clone(without(x.shape(), axis)), x.ints("axes", axis));
  Val fixed = most.op("stop_gradient", most.value, most.type());
  Val e = exp(x - along(fixed, x.shape(), axis)), total = sum(e, axis);
  Val p = e * along(total.constant(1) / total, x.shape(), axis);
  Val others = along(sum(g, axis), y.shape(), axis) - g;
  return {-unlessIdle(g, g * y.op("expm1", y.value, y.type())) - unlessIdle(others, p * others)};
}

SmallVector<Value> LogSoftmaxOp::decompose(OpBuilder &builder) {
  const int64_t axis = getAxis();
  Val x(builder, getLoc(), getX());
  Val most = x.op("max", x.value, x.type().clone(without(x.shape(), axis)), x.ints("axes", axis));
  Val below = x - along(most, x.shape(), axis);
  Val zero = x.constant(0), isLess = compare("lt", below, zero);
  Val rest = sum(select(isLess, exp(below), zero), axis);
  Val winners = sum(select(isLess, zero, x.constant(1)), axis);
  Val s = rest + (winners - winners.constant(1));
  return {below - along(s.op("log1p", s.value, s.type()), x.shape(), axis)};
}

SmallVector<Literal> LogSoftmaxOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  const Literal &x = operands[0];
  Literal y(getType());
  const int64_t length = x.shape()[getAxis()], step = stridesOf(x.shape())[getAxis()];
  Type element = getType().getElementType();
  for (int64_t first = 0; first < x.size(); ++first) {
    if (first / step % length != 0)
      continue;
    double most = -INFINITY, s = -1;
    for (int64_t i = 0; i < length; ++i)
      most = std::max(most, x.floats()[first + i * step]);
    for (int64_t i = 0; i < length; ++i) {
      const double below = x.floats()[first + i * step] - most;
      s += std::isnan(below) ? below : below < 0 ? 0 : 1;
    }
    for (int64_t i = 0; i < length; ++i)
      if (const double below = x.floats()[first + i * step] - most; below < 0)
        s += std::exp(below);
    for (int64_t i = 0; i < length; ++i)
      y.floats()[first + i * step] =
          evaluation.round(x.floats()[first + i * step] - most - std::log1p(s), element);
  }
  return {y};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/log_softmax.cpp.inc"
